/// <reference types="vite/client" />

declare module 'josa' {
  /** Answers the particle that fits a word, such as 이 or 가. */
  export function getJosaPicker(particle: string): (word: string) => string;
}
