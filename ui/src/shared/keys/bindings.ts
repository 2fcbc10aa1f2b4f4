import { useSyncExternalStore } from 'react';

/** The acts whose keys can be changed, with the keys that they have at first. */
export const DEFAULTS = {
  checkIn: 'F2',
  checkOut: 'F3',
  pay: 'F4',
  impose: 'F6',
  deduct: 'F7',
  mypage: 'F8',
  why: 'F9',
  register: 'Ctrl N',
  walkIn: 'Ctrl Enter',
  inside: 'Ctrl I',
  undo: 'Ctrl Z',
  redo: 'Ctrl Y',
} as const;

export type KeyAct = keyof typeof DEFAULTS;
export const KEY_ACTS = Object.keys(DEFAULTS) as KeyAct[];
export type Bindings = Readonly<Record<KeyAct, string>>;

/** Keys that always mean the same, with what they mean: a text `keys.<name>` of `app.json`. */
const FIXED = {
  'Ctrl K': 'palette',
  'Ctrl L': 'lock',
  'Ctrl T': 'travel',
  'Ctrl B': 'facing',
  'Ctrl E': 'export',
  'Ctrl F': 'otherCustomer',
  'Ctrl A': 'editing',
  'Ctrl C': 'editing',
  'Ctrl V': 'editing',
  'Ctrl X': 'editing',
  'Ctrl 0': 'zoom',
} as const;
export type FixedKey = (typeof FIXED)[keyof typeof FIXED];

/** Function keys without a meaning of their own, and Ctrl with a letter, a digit or Enter: nothing that types a text. */
const SUITABLE = /^(F([2-46-9]|12)|Ctrl ([A-Z]|[1-9]|Enter))$/;

export type BindingProblem =
  | { problem: 'unsuitable' }
  | { problem: 'fixed'; by: FixedKey }
  | { problem: 'taken'; by: KeyAct };

/** Why a key can't be given to an act; null if it can. */
export function problemOf(key: string, act: KeyAct, bindings: Bindings): BindingProblem | null {
  if (Object.hasOwn(FIXED, key)) return { problem: 'fixed', by: FIXED[key as keyof typeof FIXED] };
  if (!SUITABLE.test(key)) return { problem: 'unsuitable' };
  const by = KEY_ACTS.find((other) => other !== act && bindings[other] === key);
  return by ? { problem: 'taken', by } : null;
}

/** The format of an exported file of keys, and of what is stored. */
const FORMAT = 'nosmoke-keys-1';

export const toJson = (bindings: Bindings): string =>
  JSON.stringify({ format: FORMAT, keys: bindings }, null, 2);

export type ReadBindings = { bindings: Bindings } | { unknown: string };

/**
 * Reads exported keys. Acts that are left out have their first keys. What isn't understood, and two acts with one key,
 * are refused with the part that is wrong.
 */
export function fromJson(text: string): ReadBindings {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return { unknown: 'JSON' };
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return { unknown: 'JSON' };
  const { format, keys, ...more } = read as Record<string, unknown>;
  if (format !== FORMAT) return { unknown: 'format' };
  const [other] = Object.keys(more);
  if (other !== undefined) return { unknown: other };
  if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) return { unknown: 'keys' };
  const bindings: Record<KeyAct, string> = { ...DEFAULTS };
  for (const [act, key] of Object.entries(keys)) {
    if (!Object.hasOwn(DEFAULTS, act) || typeof key !== 'string') return { unknown: act };
    bindings[act as KeyAct] = key;
  }
  const wrong = KEY_ACTS.find((act) => problemOf(bindings[act], act, bindings) !== null);
  return wrong ? { unknown: `${wrong}: ${bindings[wrong]}` } : { bindings };
}

const STORAGE_KEY = 'nosmoke.keys';

function stored(): Bindings {
  try {
    const read = fromJson(localStorage.getItem(STORAGE_KEY) ?? '');
    return 'bindings' in read ? read.bindings : DEFAULTS;
  } catch {
    // Local storage isn't available: the keys are the first ones.
    return DEFAULTS;
  }
}

let current: Bindings = stored();
const listeners = new Set<() => void>();

/** The keys that are in force at this terminal. */
export const currentBindings = (): Bindings => current;

/** Puts keys in force and keeps them on this terminal. */
export function saveBindings(bindings: Bindings): void {
  current = bindings;
  try {
    localStorage.setItem(STORAGE_KEY, toJson(bindings));
  } catch {
    // They are in force until the program ends.
  }
  for (const listener of listeners) listener();
}

export const useBindings = (): Bindings =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentBindings);

/** The act that a key means; undefined for any other key. */
export const actOfKey = (key: string): KeyAct | undefined => KEY_ACTS.find((act) => current[act] === key);
