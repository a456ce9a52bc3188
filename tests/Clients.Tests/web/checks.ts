// Calls that do not go well, as Connect's library for browsers tells them to a page.
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';
import { Customers } from './gen/decisioning/v1/customers_pb';
import { Decisions } from './gen/decisioning/v1/decisions_pb';
import { Events } from './gen/decisioning/v1/events_pb';
import { BadRequestSchema } from './gen/google/rpc/error_details_pb';

const client = key => createGrpcWebTransport({
  baseUrl: ENGINE, interceptors: [next => request => { request.header.set('authorization', `Bearer ${key}`); return next(request); }],
});
const transport = client(KEY);
const decisions = createClient(Decisions, transport);
const customer = { identity: { case: 'anonymousId', value: VISITOR } };
const failed = async call => {
  try {
    await call();
  } catch (error) {
    const known = ConnectError.from(error);
    return { code: Code[known.code], message: known.rawMessage, violations: known.findDetails(BadRequestSchema).flatMap(detail => detail.fieldViolations).map(({ field, description }) => ({ field, description })) };
  }
};

window.checks = {
  mistakes: () => failed(() => decisions.nextBestAction({ maxItems: 99 })),
  mistakeOfAStream: () => failed(async () => { for await (const _ of createClient(Customers, transport).watch({})) return; }),
  wrongKey: () => failed(() => createClient(Events, client('nonsense')).track({ events: [] })),
  anotherCustomer: () => failed(() => decisions.nextBestAction({ customer: { identity: { case: 'userId', value: 'ada' } } })),
  tooLate: () => failed(() => decisions.nextBestAction({ customer }, { timeoutMs: 1 })),
  notYet: () => failed(() => decisions.nextBestAction({ customer, minSequence: 1_000_000n })),
  leaves: async () => {
    const leaving = new AbortController();
    return failed(async () => { for await (const _ of createClient(Customers, transport).watch({ customer }, { signal: leaving.signal })) leaving.abort(); });
  },
};
