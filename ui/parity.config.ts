import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * The parity suite, which compares the mock with the real program. It needs the program's binary, so it doesn't run
 * with the tests of the screens.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    environment: 'node',
    globals: false,
    include: ['src/**/*.parity.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
