// What the visitor did, on its way to the engine. It is kept in the browser until the engine acknowledges it, and sent again as often as needed:
// the engine counts each id once.
import { create, fromJson, toJson, type JsonObject, type JsonValue } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import type { Outcome } from './gen/decisioning/v1/common_pb';
import { ActionResponseSchema } from './gen/decisioning/v1/decisions_pb';
import { EventSchema, EventType } from './gen/decisioning/v1/events_pb';
import { Backoff, decisions, events, isRefused } from './engine';
import { recall, remember } from './memory';

interface Entry {
  readonly id: string;
  readonly kind: 'event' | 'response';
  readonly message: JsonValue;
}

const NAME = 'hearth.outbox';
const ENTRIES_MAX = 500;  // the oldest go first when an engine stays away for long
const BATCH = 50;

export class Outbox {
  readonly #visitor: string;
  readonly #backoff = new Backoff();
  #isSending = false;

  constructor(visitor: string) {
    this.#visitor = visitor;
    void this.#send();
  }

  track(event: string, properties: JsonObject = {}): void {
    this.#put('event', toJson(EventSchema, create(EventSchema, {
      type: EventType.TRACK, messageId: crypto.randomUUID(), anonymousId: this.#visitor, event, properties,
      context: { channel: 'web', page: { path: location.pathname }, locale: navigator.language, device: { type: device() } },
      timestamp: timestampNow(),
    })));
  }

  respond(messageId: string, trackingToken: string, outcome: Outcome): void {
    this.#put('response', toJson(ActionResponseSchema, create(ActionResponseSchema, { messageId, trackingToken, outcome, occurredAt: timestampNow() })));
  }

  #put(kind: Entry['kind'], message: JsonValue): void {
    remember(NAME, [...waiting(), { id: crypto.randomUUID(), kind, message }].slice(-ENTRIES_MAX));
    void this.#send();
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let batch = next(); batch.length > 0; batch = next()) {
      try {
        await this.#deliver(batch);
        this.#backoff.reset();
      } catch (error) {
        if (!isRefused(error)) {
          await this.#backoff.wait();
          continue;
        }
        console.warn('the engine refused what the page sent:', error);
      }
      const done = new Set(batch.map(entry => entry.id));
      remember(NAME, waiting().filter(entry => !done.has(entry.id)));
    }
    this.#isSending = false;
  }

  async #deliver(batch: readonly Entry[]): Promise<void> {
    const { acks } = batch[0]?.kind === 'event'
      ? await events.track({ events: batch.map(entry => fromJson(EventSchema, entry.message)) })
      : await decisions.captureResponse({
        customer: { identity: { case: 'anonymousId', value: this.#visitor } },
        responses: batch.map(entry => fromJson(ActionResponseSchema, entry.message)),
      });
    for (const violation of acks.flatMap(ack => ack.violations)) {
      console.warn(`${violation.field} ${violation.description}; ${violation.cure}`);
    }
  }
}

const waiting = (): Entry[] => recall<Entry[]>(NAME, []);

/** The oldest entries of one kind, in the order in which things happened. */
function next(): Entry[] {
  const all = waiting();
  const other = all.findIndex(entry => entry.kind !== all[0]?.kind);
  return all.slice(0, other < 0 ? BATCH : Math.min(other, BATCH));
}

const device = (): string => matchMedia('(max-width: 40rem)').matches ? 'mobile' : 'desktop';
