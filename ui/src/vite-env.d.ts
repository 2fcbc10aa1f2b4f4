/// <reference types="vite/client" />

declare module 'josa' {
  /** Returns a function that picks the form of a particle, such as 이 or 가, by the word before it. */
  export function getJosaPicker(particle: string): (word: string) => string;
}

declare module 'virtual:third-party' {
  /** What the programs contain of others; made while the screens are built. */
  const thirdParty: {
    packages: { name: string; version: string; licence: string; source: string; texts: number[] }[];
    texts: string[];
  };
  export default thirdParty;
}

interface ImportMetaEnv {
  /** The port and token of the real program as JSON; set by `npm run dev:ui -- --real` only. */
  readonly VITE_LOOPBACK?: string;
}
