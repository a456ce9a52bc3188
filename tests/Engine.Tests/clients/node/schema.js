// node schema.js SCHEMA FILE… : checks YAML files against the schema. Prints `ok FILE` for each that it takes, `no FILE: why` for the others.
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import { parse } from 'yaml';

const [schema, ...files] = process.argv.slice(2);
const validate = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }).compile(JSON.parse(readFileSync(schema, 'utf8')));
for (const file of files) {
  const why = validate(parse(readFileSync(file, 'utf8')))
    ? null
    : validate.errors.map(error => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`).join('; ');
  console.log(why === null ? `ok ${file}` : `no ${file}: ${why}`);
}
