// What a visitor's browser remembers. Where it remembers nothing (some private windows), this page does while it is open.
const here = new Map<string, string>();

export function recall<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(name) ?? here.get(name);
    return text ? JSON.parse(text) as T : otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name: string, value: unknown): void {
  const text = JSON.stringify(value);
  here.set(name, text);
  try {
    localStorage.setItem(name, text);
  } catch {
    // Full or forbidden: the map has it.
  }
}

/** The visitor's id, made up at the first visit. */
export function visitor(): string {
  const id = recall('hearth.visitor', '') || crypto.randomUUID();
  remember('hearth.visitor', id);
  return id;
}
