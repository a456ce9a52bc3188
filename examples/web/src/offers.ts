// The slots that the engine fills. Their first content is the page's own; whatever comes from the strategy becomes text, never markup.
import { Outcome } from './gen/decisioning/v1/common_pb';
import type { Decision, DecisionItem } from './gen/decisioning/v1/decisions_pb';

interface Listener {
  /** The visitor saw, clicked or refused an offer. The id is one per time that it was shown and what came of it. */
  respond(messageId: string, trackingToken: string, outcome: Outcome): void;
  /** A link of the strategy was followed. */
  go(path: string): void;
  /** Something changed that who cannot see should hear. */
  say(text: string): void;
}

export class Offers {
  readonly #slots: readonly Slot[];

  constructor(listener: Listener) {
    this.#slots = [...document.querySelectorAll<HTMLElement>('[data-slot]')].map(element => new Slot(element, listener));
  }

  get placements(): string[] {
    return this.#slots.map(slot => slot.placement);
  }

  show(decision: Decision): void {
    for (const slot of this.#slots) slot.show(decision.items.find(item => item.placement === slot.placement));
  }
}

class Slot {
  readonly placement: string;
  readonly #element: HTMLElement;
  readonly #listener: Listener;
  readonly #own: ReadonlyMap<string, string>;
  readonly #link: HTMLAnchorElement;
  readonly #refuse: HTMLButtonElement | null;
  readonly #seen: IntersectionObserver;
  #item: DecisionItem | undefined;
  #showing = '';

  constructor(element: HTMLElement, listener: Listener) {
    this.#element = element;
    this.#listener = listener;
    this.placement = element.dataset['slot'] ?? '';
    this.#own = new Map([...this.#parts()].map(part => [part.dataset['part'] ?? '', part.textContent]));
    this.#link = element.querySelector<HTMLAnchorElement>('a')!;
    this.#refuse = element.querySelector('[data-refuse]');
    this.#link.addEventListener('click', event => this.#follow(event));
    this.#refuse?.addEventListener('click', () => this.#respond(Outcome.REJECTED));
    // An offer was shown once half of it could be seen.
    this.#seen = new IntersectionObserver(entries => {
      if (!entries.some(entry => entry.isIntersecting)) return;
      this.#respond(Outcome.IMPRESSION);
      this.#seen.disconnect();
    }, { threshold: 0.5 });
  }

  /** Shows an offer, or the page's own content where there is none. The same offer again changes nothing. */
  show(item: DecisionItem | undefined): void {
    const content = item?.content ?? {};
    if (this.#item?.treatment === item?.treatment && this.#item?.action === item?.action && sameContent(this.#item?.content ?? {}, content)) return;
    const isNew = this.#item?.action !== item?.action;
    this.#item = item;
    for (const part of this.#parts()) {
      const name = part.dataset['part'] ?? '';
      part.textContent = item ? content[name === 'link' ? 'button' : name] ?? (name === 'link' ? 'Show me' : '') : this.#own.get(name) ?? '';
    }
    this.#link.hidden = item !== undefined && !isPath(content['link']);
    this.#link.setAttribute('href', item && isPath(content['link']) ? content['link'] : '#products');
    this.#element.dataset['action'] = item?.action ?? '';
    if (this.#refuse) this.#refuse.hidden = !item || item.isFallback;
    if (!isNew) return;

    this.#showing = crypto.randomUUID();
    this.#element.classList.remove('changed');
    void this.#element.offsetWidth;  // the fade begins anew
    this.#element.classList.add('changed');
    this.#seen.disconnect();
    if (item) {
      this.#seen.observe(this.#element);
      if (!item.isFallback) this.#listener.say([content['title'], content['text']].filter(Boolean).join(': '));
    }
  }

  #follow(event: MouseEvent): void {
    if (!this.#item) return;
    event.preventDefault();
    this.#respond(Outcome.CLICKED);
    this.#listener.go(this.#item.content['link'] ?? '');
  }

  #respond(outcome: Outcome): void {
    if (this.#item) this.#listener.respond(`${this.#showing}:${outcome}`, this.#item.trackingToken, outcome);
  }

  #parts(): NodeListOf<HTMLElement> {
    return this.#element.querySelectorAll<HTMLElement>('[data-part]');
  }
}

/** Links of the strategy stay within the shop. */
const isPath = (link: string | undefined): link is string => link !== undefined && /^\/(?!\/)/.test(link);

const sameContent = (left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean =>
  Object.keys(left).length === Object.keys(right).length && Object.entries(left).every(([name, text]) => right[name] === text);
