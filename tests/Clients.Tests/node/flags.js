// node flags.js ENGINE KEY : OpenFeature's providers, for servers and for browsers, where they do not get what they ask for and where they do.
import assert from 'node:assert/strict';
import { OpenFeature as Server } from '@openfeature/server-sdk';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature as Web } from '@openfeature/web-sdk';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';

const [engine, key] = process.argv.slice(2);
const headers = [['authorization', `Bearer ${key}`]];

await Server.setProviderAndWait(new OFREPProvider({ baseUrl: engine, headers }));
const server = Server.getClient();
const missing = await server.getObjectDetails('no-such-place', { text: 'ours' }, { targetingKey: 'ada' });
assert.deepEqual([missing.value, missing.errorCode], [{ text: 'ours' }, 'FLAG_NOT_FOUND']);
console.log('ok not_found');
const nobody = await server.getObjectDetails('hero', {}, {});
assert.equal(nobody.errorCode, 'TARGETING_KEY_MISSING');
console.log('ok targeting_key_missing');
const mistyped = await server.getBooleanDetails('hero', true, { targetingKey: 'ada' });
assert.deepEqual([mistyped.value, mistyped.errorCode], [true, 'TYPE_MISMATCH']);
console.log('ok type_mismatch');
const again = [await server.getObjectDetails('home.hero', {}, { targetingKey: 'ada' }), await server.getObjectDetails('home.hero', {}, { targetingKey: 'ada' })];
assert.equal(again[0].flagMetadata.decisionId, again[1].flagMetadata.decisionId);
console.log('ok same_decision');

await Server.setProviderAndWait(new OFREPProvider({ baseUrl: engine, headers: [['authorization', 'Bearer nonsense']] }));
const unknown = await Server.getClient().getObjectDetails('hero', { text: 'ours' }, { targetingKey: 'ada' });
assert.deepEqual([unknown.value, unknown.errorCode], [{ text: 'ours' }, 'GENERAL']);
console.log('ok wrong_key');

await Web.setContext({ targetingKey: 'ada', channel: 'web' });
await Web.setProviderAndWait(new OFREPWebProvider({ baseUrl: engine, headers, pollInterval: 0, cacheMode: 'disabled' }));
const web = Web.getClient().getObjectDetails('hero', {});
assert.equal(web.errorCode, undefined, web.errorMessage);
assert.ok(web.flagMetadata.decisionId);
console.log('ok bulk');
process.exit(0);
