// node next.js ADDRESS PROTOS : tracks events and asks for the next best action, knowing only the .proto files.
import assert from 'node:assert/strict';
import path from 'node:path';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [address, protos] = process.argv.slice(2);
const files = ['events', 'decisions', 'customers'].map(name => path.join(protos, 'decisioning', 'v1', `${name}.proto`));
const definition = loader.loadSync(files, { includeDirs: [protos], enums: String, longs: Number, defaults: true, keepCase: true, oneofs: true });
const { decisioning } = grpc.loadPackageDefinition(definition);
const connect = Service => new Service(address, grpc.credentials.createInsecure());
const [events, decisions, customers] = [decisioning.v1.Events, decisioning.v1.Decisions, decisioning.v1.Customers].map(connect);
const call = (client, method, request) => new Promise((resolve, reject) =>
  client[method](request, { deadline: Date.now() + 20000 }, (error, response) => error ? reject(error) : resolve(response)));

const struct = object => ({
  fields: Object.fromEntries(Object.entries(object).map(([name, value]) => [name,
    typeof value === 'number' ? { numberValue: value } : typeof value === 'object' ? { structValue: struct(value) } : { stringValue: value }])),
});
const viewed = id => ({
  message_id: id, user_id: 'node-1', event: 'Product Viewed',
  properties: struct({ product_id: 'lamp-01', category: 'lighting', price: 39.9 }),
  context: struct({ channel: 'web', device: { type: 'desktop' } }),
});

const checks = {
  async track() {
    const { acks } = await call(events, 'Track', { events: [viewed('n-1'), viewed('n-2'), viewed('n-1'), { message_id: 'n-3', user_id: 'node-1' }] });
    assert.deepEqual(acks.map(ack => [ack.status, ack.sequence]), [
      ['EVENT_STATUS_APPLIED', 1], ['EVENT_STATUS_APPLIED', 2], ['EVENT_STATUS_DUPLICATE', 1], ['EVENT_STATUS_REJECTED', 0]]);
    assert.equal(acks[3].violations[0].field, 'events[3].event');
  },
  async next_best_action() {
    const { decision, acks } = await call(decisions, 'NextBestAction', {
      customer: { user_id: 'node-1' }, channel: 'web', placements: ['hero'], events: [viewed('n-4')],
    });
    assert.equal(acks[0].status, 'EVENT_STATUS_APPLIED');
    assert.equal(decision.sequence, 3);
    assert.equal(decision.items[0].placement, 'hero');
    const { acks: [captured] } = await call(decisions, 'CaptureResponse', {
      customer: { user_id: 'node-1' }, responses: [{ tracking_token: decision.items[0].tracking_token, outcome: 'OUTCOME_CLICKED' }],
    });
    assert.deepEqual([captured.status, captured.sequence], ['EVENT_STATUS_APPLIED', 4]);
  },
  async customer() {
    const { customer } = await call(customers, 'Get', { customer: { user_id: 'node-1' }, min_sequence: 4 });
    assert.equal(customer.features.fields.views_7d.numberValue, 3);
  },
  async stream() {
    const stream = decisions.NextBestActionStream({ deadline: Date.now() + 20000 });
    const answers = [];
    const ended = new Promise((resolve, reject) => stream.on('data', answer => answers.push(answer)).on('end', resolve).on('error', reject));
    for (let i = 0; i < 5; i++) stream.write({ request: i === 2 ? {} : { customer: { user_id: 'node-1' }, dry_run: true } });
    stream.end();
    await ended;
    assert.deepEqual(answers.map(answer => answer.result), ['response', 'response', 'refusal', 'response', 'response']);
    assert.equal(answers[2].refusal.violations[0].field, 'customer');
  },
  async bad_request() {
    const error = await call(decisions, 'NextBestAction', { max_items: 99 }).then(() => null, e => e);
    assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
    assert.match(error.details, /customer.*max_items/);
  },
};

for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log(`ok ${name}`);
}
process.exit(0);
