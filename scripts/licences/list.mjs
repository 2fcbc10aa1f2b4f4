import { npmPackages } from './npm.mjs';
import { rustPackages } from './rust.mjs';

/**
 * Everything of others that the programs contain: `packages` by name, each with the indices of its `texts`. Needs no network
 * once the dependencies are here.
 */
export function thirdParty() {
  const texts = [];
  const indices = new Map();
  /** Packages whose texts differ only in line breaks share one. */
  const indexOf = (text) => {
    const key = text.replace(/\s+/g, ' ');
    if (!indices.has(key)) indices.set(key, texts.push(text.replaceAll('\r\n', '\n')) - 1);
    return indices.get(key);
  };
  const byName = (a, b) =>
    a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en', { numeric: true });
  const packages = [...rustPackages(), ...npmPackages()]
    .sort(byName)
    .map((it) => ({ ...it, texts: it.texts.map(indexOf) }));
  return { packages, texts };
}

/** The list as one file of text: the packages, then each licence with those that are under it. */
export function asText({ packages, texts }) {
  const lines = packages.map(
    ({ name, version, licence, source }) => `${name} ${version}: ${licence}, ${source}`,
  );
  const parts = texts.map((text, index) => {
    const under = packages.filter((it) => it.texts.includes(index));
    return `${'='.repeat(80)}\n${under.map(({ name, version }) => `${name} ${version}`).join(', ')}\n\n${text}`;
  });
  return `What Nosmoke Desk contains of others.\n\n${lines.join('\n')}\n\n${parts.join('\n\n')}\n`;
}
