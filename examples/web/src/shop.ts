// The shop itself: products, details, basket. It knows nothing of offers and works without them.
import type { JsonObject } from '@bufbuild/protobuf';
import { recall, remember } from './memory';

interface Product {
  readonly id: string;
  readonly name: string;
  readonly category: string;
  readonly price: number;
  readonly text: string;
  readonly shape: string;
}

interface Listener {
  track(event: string, properties: JsonObject): void;
  say(text: string): void;
}

const PRODUCTS: readonly Product[] = [
  { id: 'lamp-01', name: 'Reading lamp', category: 'lighting', price: 39.9, text: 'Brass and linen, with a light as warm as a candle.', shape: 'M20 30l6-18h12l6 18zM32 30v22M22 52h20' },
  { id: 'lamp-02', name: 'Paper lantern', category: 'lighting', price: 24.5, text: 'Rice paper on bamboo, folded flat when it travels.', shape: 'M32 6v8M32 14a18 18 0 1 1 0 36a18 18 0 1 1 0-36M16 24h32M14 32h36M16 40h32' },
  { id: 'rug-01', name: 'Wool rug', category: 'textiles', price: 219, text: 'Woven by hand, 160 × 230 cm, kind to bare feet.', shape: 'M10 18h44v28H10zM16 24h32v16H16zM6 20h4M6 28h4M6 36h4M6 44h4M54 20h4M54 28h4M54 36h4M54 44h4' },
  { id: 'blanket-01', name: 'Mohair blanket', category: 'textiles', price: 89, text: 'For the sofa, the garden and the one who is always cold.', shape: 'M12 14h40v30q-10 8-20 0t-20 0zM12 24h40M12 34h40' },
  { id: 'vase-01', name: 'Stoneware vase', category: 'ceramics', price: 34, text: 'Turned and glazed in a small workshop: no two alike.', shape: 'M26 8h12M28 8v10q-12 8-12 22q0 14 16 14t16-14q0-14-12-22V8' },
  { id: 'mug-01', name: 'Two mugs', category: 'ceramics', price: 18, text: 'Big enough for a long morning.', shape: 'M8 28h18v20q0 4-4 4H12q-4 0-4-4zM26 33h3q5 0 5 5t-5 5h-3M34 26V12h18v20q0 4-4 4h-9M52 17h3q5 0 5 5t-5 5h-3' },
];

const NAME = 'hearth.basket';
const money = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' });
const find = <T extends Element>(selector: string, within: ParentNode = document): T => within.querySelector<T>(selector)!;

export class Shop {
  readonly #listener: Listener;
  readonly #basket = new Map<string, number>(recall<[string, number][]>(NAME, []));
  readonly #detail = find<HTMLDialogElement>('dialog');
  #shown: Product | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
    this.#drawFilters();
    this.show('');
    this.#drawBasket();
    find<HTMLButtonElement>('[data-order]').addEventListener('click', () => this.#order());
    this.#detail.addEventListener('close', () => {
      if (this.#detail.returnValue === 'add' && this.#shown) this.#add(this.#shown);
    });
  }

  /** Shows the products of a category; of all for the empty one. */
  show(category: string): void {
    const shown = PRODUCTS.filter(product => category === '' || product.category === category);
    find('.grid').replaceChildren(...(shown.length > 0 ? shown : PRODUCTS).map(product => this.#card(product)));
    for (const filter of document.querySelectorAll<HTMLElement>('.filters button')) {
      filter.setAttribute('aria-pressed', String(filter.dataset['category'] === category));
    }
  }

  /** Goes where a link of an offer leads: to the basket, to a category, else to all products. */
  go(path: string): void {
    if (path === '/cart') return find<HTMLElement>('#basket').focus();
    const category = path.match(/^\/c\/([a-z-]+)$/)?.[1] ?? '';
    this.show(category);
    find<HTMLElement>('#products').focus();
  }

  #drawFilters(): void {
    const categories = ['', ...new Set(PRODUCTS.map(product => product.category))];
    find('.filters').replaceChildren(...categories.map(category => {
      const button = document.createElement('button');
      button.type = 'button';
      button.dataset['category'] = category;
      button.textContent = category === '' ? 'all' : category;
      button.addEventListener('click', () => {
        this.show(category);
        this.#listener.track('Product List Viewed', { category: category || 'all', list_id: 'home' });
      });
      return button;
    }));
  }

  #card(product: Product): Node {
    const card = find<HTMLTemplateElement>('#card').content.cloneNode(true) as DocumentFragment;
    const view = find<HTMLButtonElement>('[data-view]', card);
    const add = find<HTMLButtonElement>('[data-add]', card);
    find('path', card).setAttribute('d', product.shape);
    find('.price', card).textContent = money.format(product.price);
    view.textContent = product.name;
    view.dataset['view'] = product.id;
    view.addEventListener('click', () => this.#view(product));
    add.dataset['add'] = product.id;
    add.setAttribute('aria-label', `Add ${product.name} to the basket`);
    add.addEventListener('click', () => this.#add(product));
    return card;
  }

  #view(product: Product): void {
    this.#shown = product;
    find('#detail-name').textContent = product.name;
    find('[data-detail=text]').textContent = product.text;
    find('[data-detail=price]').textContent = money.format(product.price);
    this.#detail.returnValue = '';
    this.#detail.showModal();
    this.#listener.track('Product Viewed', { product_id: product.id, category: product.category, price: product.price });
  }

  #add(product: Product): void {
    this.#put(product, (this.#basket.get(product.id) ?? 0) + 1);
    this.#listener.say(`${product.name} is in the basket.`);
    this.#listener.track('Product Added', { product_id: product.id, category: product.category, price: product.price, quantity: 1 });
  }

  #remove(product: Product): void {
    this.#put(product, (this.#basket.get(product.id) ?? 0) - 1);
    this.#listener.say(`${product.name} was taken out.`);
    this.#listener.track('Product Removed', { product_id: product.id });
    find<HTMLElement>('#basket').focus();
  }

  #put(product: Product, quantity: number): void {
    if (quantity > 0) this.#basket.set(product.id, quantity);
    else this.#basket.delete(product.id);
    this.#drawBasket();
  }

  #order(): void {
    const products = this.#lines().map(({ product, quantity }) => ({ sku: product.id, name: product.name, quantity, price: product.price }));
    this.#listener.track('Order Completed', {
      order_id: crypto.randomUUID(), total: this.#total(), currency: 'GBP', units: products.reduce((sum, line) => sum + line.quantity, 0), products,
    });
    this.#basket.clear();
    this.#drawBasket();
    find<HTMLElement>('#basket').focus();
    this.#listener.say('Thank you for your order.');
  }

  #lines(): { product: Product; quantity: number }[] {
    return PRODUCTS.flatMap(product => this.#basket.has(product.id) ? [{ product, quantity: this.#basket.get(product.id)! }] : []);
  }

  #total(): number {
    return Math.round(this.#lines().reduce((sum, { product, quantity }) => sum + product.price * quantity, 0) * 100) / 100;
  }

  #drawBasket(): void {
    remember(NAME, [...this.#basket]);
    const lines = this.#lines();
    find('#basket ul').replaceChildren(...lines.map(({ product, quantity }) => {
      const line = document.createElement('li');
      const name = document.createElement('span');
      name.textContent = `${quantity} × ${product.name}`;
      const remove = document.createElement('button');
      remove.type = 'button';
      remove.className = 'quiet';
      remove.textContent = 'Remove';
      remove.setAttribute('aria-label', `Remove one ${product.name}`);
      remove.addEventListener('click', () => this.#remove(product));
      line.append(name, remove);
      return line;
    }));
    find('#basket output').textContent = money.format(this.#total());
    find('#basket-count').textContent = String(lines.reduce((sum, { quantity }) => sum + quantity, 0));
    find<HTMLButtonElement>('[data-order]').disabled = lines.length === 0;
  }
}
