// The engine, as a page speaks with it: gRPC-Web, with a key that everybody may read or, on one's own machine, none.
import { Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';
import { Customers } from './gen/decisioning/v1/customers_pb';
import { Decisions } from './gen/decisioning/v1/decisions_pb';
import { Events } from './gen/decisioning/v1/events_pb';

const key: string | undefined = import.meta.env.VITE_KEY;

const withKey: Interceptor = next => request => {
  if (key) request.header.set('authorization', `Bearer ${key}`);
  return next(request);
};

const transport = createGrpcWebTransport({
  baseUrl: import.meta.env.VITE_ENGINE ?? 'http://127.0.0.1:5002',
  interceptors: [withKey],
  defaultTimeoutMs: 5_000,
});

export const customers = createClient(Customers, transport);
export const decisions = createClient(Decisions, transport);
export const events = createClient(Events, transport);

/** Whether the same request will be refused again: then it is of no use to repeat it. */
export const isRefused = (error: unknown): boolean =>
  [Code.InvalidArgument, Code.PermissionDenied, Code.NotFound, Code.Unimplemented].includes(ConnectError.from(error).code);

/** Waits longer after each failure, by chance so that not all pages come back at once; no longer once the browser is online again. */
export class Backoff {
  #next = 500;

  reset(): void {
    this.#next = 500;
  }

  wait(signal?: AbortSignal): Promise<void> {
    const delay = this.#next * (0.5 + Math.random() / 2);
    this.#next = Math.min(this.#next * 2, 15_000);
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, delay);
    const end = new AbortController();
    addEventListener('online', () => resolve(), { signal: end.signal });
    signal?.addEventListener('abort', () => resolve(), { signal: end.signal });
    return promise.finally(() => { clearTimeout(timer); end.abort(); });
  }
}
