// Brings the shop, its offers and the engine together.
import { Backoff, customers, decisions } from './engine';
import { visitor } from './memory';
import { Offers } from './offers';
import { Outbox } from './outbox';
import { Shop } from './shop';

const id = visitor();
const outbox = new Outbox(id);
const said = document.querySelector('#said')!;
const link = document.querySelector<HTMLElement>('#link')!;
const say = (text: string): void => { said.textContent = text; };
const shop = new Shop({ track: (...event) => outbox.track(...event), say });
const offers = new Offers({ respond: (...response) => outbox.respond(...response), go: path => shop.go(path), say });

const question = { customer: { identity: { case: 'anonymousId', value: id } as const }, channel: 'web', placements: offers.placements };
const decisionRequestId = crypto.randomUUID();  // one per page view: asked again after a break, it does not count as shown again

/** Asks what to show, then shows what changes as the visitor goes on, for as long as the page is looked at. */
async function follow(signal: AbortSignal): Promise<void> {
  const backoff = new Backoff();
  while (!signal.aborted) {
    try {
      const { decision } = await decisions.nextBestAction({ ...question, decisionRequestId }, { signal });
      if (decision) offers.show(decision);
      for await (const { decision: next } of customers.watch(question, { signal, timeoutMs: 0 })) {
        connected('live', 'Offers follow what you look at.');
        backoff.reset();
        if (next) offers.show(next);
      }
    } catch (error) {
      if (!signal.aborted) console.info('the engine cannot be asked now:', error);
    }
    if (signal.aborted) return;
    connected('away', 'The shop is open; offers will be back.');
    await backoff.wait(signal);
  }
}

function connected(state: string, text: string): void {
  link.dataset['state'] = state;
  link.textContent = text;
}

// A browser keeps six connections to a server over HTTP/1.1, of all its tabs: one that nobody looks at gives its own back.
let watching = new AbortController();
document.addEventListener('visibilitychange', () => {
  watching.abort();
  if (document.hidden) return;
  watching = new AbortController();
  void follow(watching.signal);
});
if (!document.hidden) void follow(watching.signal);
