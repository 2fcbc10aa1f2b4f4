import { EXCLUSIONS, type Exclusion } from './exclusions';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The exclusions that excluded a value so far. */
export const usedExclusions = new Set<Exclusion>();

/**
 * Makes answers comparable: replaces each id by the number of its first appearance, and leaves out excluded values.
 * Each side needs its own normaliser, which remembers that side's ids.
 */
export class Normaliser {
  readonly #ids = new Map<string, string>();

  normalise(call: string, value: unknown): unknown {
    const exclusions = EXCLUSIONS.filter((it) => it.call === undefined || it.call === call);
    return this.#walk(value, [], exclusions);
  }

  #walk(value: unknown, path: readonly string[], exclusions: readonly Exclusion[]): unknown {
    if (value === null || value === undefined) return null;
    const exclusion = exclusions.find((it) => isAt(it.path, path));
    if (exclusion) {
      usedExclusions.add(exclusion);
      return '<excluded>';
    }
    if (typeof value === 'string') return this.#text(value);
    if (Array.isArray(value)) return value.map((one) => this.#walk(one, [...path, '*'], exclusions));
    if (typeof value !== 'object') return value;
    const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    const tag = tagOf(value);
    return Object.fromEntries(
      entries.map(([name, part]) => {
        if (name === 'tag' && tag !== null && tag === part) return [name, '<tag of the customer>'];
        return [name, this.#walk(part, [...path, name], exclusions)];
      }),
    );
  }

  #text(text: string): string {
    if (!UUID.test(text)) return text;
    const known = this.#ids.get(text) ?? `#${this.#ids.size + 1}`;
    this.#ids.set(text, known);
    return known;
  }
}

const ANYWHERE = '**.';

function isAt(wanted: string, path: readonly string[]): boolean {
  if (wanted.startsWith(ANYWHERE)) return wanted.slice(ANYWHERE.length) === path.at(-1);
  return wanted === path.join('.');
}

/** Returns the tag that belongs to the customer id in an object; null if it has none. */
function tagOf(value: object): string | null {
  if (!('customerId' in value) || typeof value.customerId !== 'string') return null;
  return value.customerId.slice(0, 4).toUpperCase();
}
