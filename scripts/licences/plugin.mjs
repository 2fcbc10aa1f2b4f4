import { thirdParty } from './list.mjs';

const NAME = 'virtual:third-party';
const RESOLVED = `\0${NAME}`;
const PACKAGE_OF_MODULE = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/**
 * A plugin for Vite: the module `virtual:third-party` has the list of what the programs contain of others. A build fails if
 * the screens contain a package that isn't listed.
 */
export function thirdPartyPlugin() {
  return {
    name: 'third-party',
    resolveId: (id) => (id === NAME ? RESOLVED : null),
    load: (id) =>
      id === RESOLVED ? `export default JSON.parse(${JSON.stringify(JSON.stringify(thirdParty()))});` : null,
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
      const bundled = modules.map((id) => PACKAGE_OF_MODULE.exec(id)?.[1]).filter(Boolean);
      const listed = new Set(thirdParty().packages.map(({ name }) => name));
      const missing = [...new Set(bundled)].filter((name) => !listed.has(name));
      if (missing.length > 0) this.error(`not in the list of third-party licences: ${missing.join(', ')}`);
    },
  };
}
