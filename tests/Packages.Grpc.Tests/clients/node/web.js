// node web.js GRPC-ADDRESS HTTP1-URL : calls the echo service as a browser does, with @connectrpc/connect-web over HTTP/1.1.
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';
import { assert, run } from './checks.js';
import { filesOf } from './reflection.js';

const [address, url] = process.argv.slice(2);
const name = 'decisioning.test.v1.Echo';
const files = (await filesOf(address, name)).map(file => fromBinary(FileDescriptorProtoSchema, file));
const registry = createFileRegistry({ $typeName: 'google.protobuf.FileDescriptorSet', file: files.reverse() });
const client = createClient(registry.getService(name), createGrpcWebTransport({ baseUrl: url }));

await run({
  'unary': async () => {
    const headers = {};
    const reply = await client.say({ text: 'grüße ☂', payload: new Uint8Array(100_000) }, {
      headers: { 'x-key': 'v' }, onHeader: h => { headers.header = h.get('x-key'); }, onTrailer: t => { headers.trailer = t.get('t-key'); } });
    assert.equal(reply.text, 'grüße ☂');
    assert.equal(reply.payload.length, 100_000);
    assert.deepEqual(headers, { header: 'v', trailer: 'v' });
  },
  'server stream': async () => {
    const texts = [];
    for await (const reply of client.repeat({ text: 'n', times: 200 })) texts.push(reply.text);
    assert.deepEqual(texts, Array.from({ length: 200 }, (_, i) => `n ${i}`));
  },
  'status with details': async () => {
    const error = await client.say({ behaviour: 1, code: 3, text: 'wöng' }).then(() => undefined, ConnectError.from);
    assert.equal(error.code, Code.InvalidArgument);
    assert.equal(error.rawMessage, 'wöng');
    assert.equal(error.details[0].type, 'google.rpc.BadRequest');
  },
  'deadline': async () => {
    const error = await client.say({ behaviour: 3, text: 'web' }, { timeoutMs: 200 }).then(() => undefined, ConnectError.from);
    assert.equal(error.code, Code.DeadlineExceeded);
  },
});
