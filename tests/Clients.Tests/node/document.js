// node document.js ENGINE KEY : holds the OpenAPI document against the OpenAPI specification.
import SwaggerParser from '@apidevtools/swagger-parser';

const [engine, key] = process.argv.slice(2);
const answer = await fetch(`${engine}/openapi.json`, { headers: { 'x-api-key': key } });
const document = await SwaggerParser.validate(await answer.json());
console.log(`ok ${document.openapi}`);
