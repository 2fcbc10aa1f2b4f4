import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { thirdPartyPlugin } from '../scripts/licences/plugin.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Modules that only development and tests may contain. */
const NOT_SHIPPED = /src\/backend\/(mock\/|loopback\.ts)/;

/** Fails the production build if it contains the mock or the backend over loopback. */
const onlyTheWindow: Plugin = {
  name: 'only-the-window',
  apply: (_, { command, mode }) => command === 'build' && mode === 'production',
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
    const found = modules.filter((id) => NOT_SHIPPED.test(id));
    if (found.length > 0) this.error(`not for production: ${found.join(', ')}`);
  },
};

const PX_PER_REM = 16;

/**
 * Writes the lengths of container queries in rem. WebKitGTK compares px with the zoomed size of a container: at 150 % a
 * box of 600 px would be one of 900.
 */
const containersInRem = {
  postcssPlugin: 'containers-in-rem',
  AtRule: {
    container(rule: { params: string }) {
      rule.params = rule.params.replace(/([\d.]+)px\b/g, (_, px) => `${Number(px) / PX_PER_REM}rem`);
    },
  },
};

export default defineConfig({
  root,
  base: './',
  css: { postcss: { plugins: [containersInRem] } },
  plugins: [react(), onlyTheWindow, thirdPartyPlugin()],
  // The guide is in `docs`, beside this folder.
  server: { port: 1420, strictPort: true, fs: { allow: ['..'] } },
  // No transpiling for old browsers: the screens run in one known web view. No inlined assets: the content security
  // policy forbids `data:` fonts.
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  test: {
    // Renders in two thirds of jsdom's time.
    environment: 'happy-dom',
    globals: false,
    setupFiles: ['./src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
    testTimeout: 120_000,
    // Vitest leaves one core to the watcher by default, which on two cores doubles the time.
    maxWorkers: '100%',
    pool: 'forks',
    // Each file of a worker finds the libraries loaded and compiled, which halves the time; `setup.ts` forgets our modules.
    isolate: false,
    // Each test renders the whole app, whose garbage is young.
    execArgv: ['--max-semi-space-size=64'],
  },
});
