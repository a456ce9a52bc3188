// node echo.js ADDRESS CANCEL-KEY : drives the echo service with @grpc/grpc-js, known from its .proto and by reflection.
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { assert, run } from './checks.js';
import { clientOf, listServices } from './reflection.js';

const [address, cancelKey] = process.argv.slice(2);
const name = 'decisioning.test.v1.Echo';
const protos = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..', 'Protos');
const definition = protoLoader.loadSync('echo.proto', {
  includeDirs: [protos], keepCase: true, longs: String, enums: String, defaults: true });
const Echo = grpc.loadPackageDefinition(definition).decisioning.test.v1.Echo;
const insecure = grpc.credentials.createInsecure();
const client = new Echo(address, insecure, { 'grpc.max_receive_message_length': 64 << 20 });
const zipping = new Echo(address, insecure, { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip });

function say(request, metadata = new grpc.Metadata(), options = {}, by = client) {
  return new Promise((resolve, reject) => {
    const seen = {};
    const call = by.Say(request, metadata, options, (error, reply) =>
      error ? reject(Object.assign(error, seen)) : setImmediate(() => resolve({ reply, ...seen })));
    call.on('metadata', headers => { seen.headers = headers; });
    call.on('status', status => { seen.status = status; });
  });
}

async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('the call did not fail');
}

async function all(stream) {
  const messages = [];
  for await (const message of stream) messages.push(message);
  return messages;
}

await run({
  'unary': async () => {
    const { reply } = await say({ text: 'grüße ☂', payload: Buffer.from([0, 255]), at: { seconds: 1_780_000_000, nanos: 5 } });
    assert.equal(reply.text, 'grüße ☂');
    assert.deepEqual([...reply.payload], [0, 255]);
    assert.deepEqual(reply.at, { seconds: '1780000000', nanos: 5 });
  },
  'many at once': async () => {
    const texts = Array.from({ length: 300 }, (_, i) => `${i}`);
    const replies = await Promise.all(texts.map(text => say({ text })));
    assert.deepEqual(replies.map(each => each.reply.text), texts);
  },
  'client stream': () => new Promise((resolve, reject) => {
    const call = client.Collect((error, reply) => {
      if (error) return reject(error);
      assert.equal(reply.text, 'a,b,c');
      resolve();
    });
    for (const text of ['a', 'b', 'c']) call.write({ text });
    call.end();
  }),
  'server stream': async () => {
    const replies = await all(client.Repeat({ text: 'n', times: 500 }));
    assert.deepEqual(replies.map(reply => reply.text), Array.from({ length: 500 }, (_, i) => `n ${i}`));
  },
  'bidirectional stream': async () => {
    const call = client.Chat();
    let sent = 0;
    call.write({ text: `${sent++}` });
    for await (const reply of call) {
      assert.equal(reply.text, `${sent - 1}`);
      if (sent < 100) call.write({ text: `${sent++}` });
      else call.end();
    }
    assert.equal(sent, 100);
  },
  'half-close without messages': async () => {
    const call = client.Chat();
    call.end();
    assert.deepEqual(await all(call), []);
  },
  'status with details': async () => {
    const error = await failure(say({ behaviour: 'BEHAVIOUR_FAIL', code: grpc.status.INVALID_ARGUMENT, text: 'wöng % ☂' }));
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    assert.equal(error.details, 'wöng % ☂');
    assert.match(error.metadata.get('grpc-status-details-bin')[0].toString('latin1'), /type.googleapis.com\/google.rpc.BadRequest/);
  },
  'failure after messages': async () => {
    const texts = [];
    const error = await new Promise(resolve => client
      .Repeat({ text: 'n', times: 2, behaviour: 'BEHAVIOUR_FAIL', code: grpc.status.ABORTED })
      .on('data', reply => texts.push(reply.text))
      .on('error', resolve));
    // This client reports an error at once and drops messages it has not handed out yet.
    assert.deepEqual(texts, ['n 0', 'n 1'].slice(0, texts.length));
    assert.equal(error.code, grpc.status.ABORTED);
  },
  'metadata': async () => {
    const metadata = new grpc.Metadata();
    metadata.set('x-text', 'value');
    metadata.set('x-data-bin', Buffer.from([0, 1, 255]));
    const { headers, status } = await say({ text: 'm' }, metadata);
    assert.deepEqual(headers.get('x-text'), ['value']);
    assert.deepEqual([...headers.get('x-data-bin')[0]], [0, 1, 255]);
    assert.deepEqual(status.metadata.get('t-text'), ['value']);
    assert.deepEqual([...status.metadata.get('t-data-bin')[0]], [0, 1, 255]);
  },
  'deadline': async () => {
    const error = await failure(say({ behaviour: 'BEHAVIOUR_WAIT', text: `${cancelKey}-deadline` }, undefined, { deadline: Date.now() + 200 }));
    assert.equal(error.code, grpc.status.DEADLINE_EXCEEDED);
  },
  'cancel': async () => {
    const call = client.Repeat({ text: cancelKey, times: 1, behaviour: 'BEHAVIOUR_WAIT' });
    const error = await failure((async () => {
      for await (const _ of call) call.cancel();
    })());
    assert.equal(error.code, grpc.status.CANCELLED);
  },
  'gzip both ways': async () => {
    const payload = Buffer.alloc(200_000, 7);
    const { reply } = await say({ payload }, undefined, {}, zipping);
    assert.equal(Buffer.compare(reply.payload, payload), 0);
  },
  'large message': async () => {
    const payload = Buffer.alloc(3_000_000, 3);
    assert.equal((await say({ payload })).reply.payload.length, payload.length);
  },
  'message over the limit': async () => {
    assert.equal((await failure(say({ payload: Buffer.alloc(5_000_000) }))).code, grpc.status.RESOURCE_EXHAUSTED);
  },
  'unknown method': async () => {
    const nothing = grpc.makeGenericClientConstructor({ Nothing: { ...Echo.service.Say, path: `/${name}/Nothing` } });
    const stranger = new nothing(address, insecure);
    const error = await failure(new Promise((resolve, reject) =>
      stranger.Nothing({}, (error, reply) => (error ? reject(error) : resolve(reply)))));
    assert.equal(error.code, grpc.status.UNIMPLEMENTED);
  },
  'by reflection': async () => {
    assert.ok((await listServices(address)).includes(name));
    const Reflected = await clientOf(address, name);
    const { reply } = await say({ text: 'found', at: { seconds: 7 } }, undefined, {}, new Reflected(address, insecure));
    assert.equal(reply.text, 'found');
    assert.equal(reply.at.seconds, '7');
  },
  'health by reflection': async () => {
    const Health = await clientOf(address, 'grpc.health.v1.Health');
    const health = new Health(address, insecure);
    const reply = await new Promise((resolve, reject) =>
      health.Check({ service: '' }, (error, reply) => (error ? reject(error) : resolve(reply))));
    assert.equal(reply.status, 'SERVING');
    for await (const watched of health.Watch({ service: '' })) {
      assert.equal(watched.status, 'SERVING');
      break;
    }
  },
});
