import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

afterEach(cleanup);
// The files of one worker share a window and libraries, but no state of ours.
vi.resetModules();
localStorage.clear();
sessionStorage.clear();
// Imported here, so that hand and scanner share the clock of the file's own `keys`.
(await import('./keys')).typeByHand();

// Stubs for browser features that happy-dom lacks or that Mantine or the virtual lists need.
Object.defineProperty(window, 'matchMedia', {
  writable: true,
  value: (query: string) => ({
    matches: false,
    media: query,
    onchange: null,
    addListener: vi.fn(),
    removeListener: vi.fn(),
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
    dispatchEvent: vi.fn(),
  }),
});

class NoResizeObserver implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
window.ResizeObserver = NoResizeObserver;
window.HTMLElement.prototype.scrollIntoView = () => {};
Object.defineProperty(document, 'fonts', {
  configurable: true,
  value: { addEventListener() {}, removeEventListener() {} },
});
// happy-dom has no layout; virtual lists need a height to render rows.
Object.defineProperty(window.HTMLElement.prototype, 'clientHeight', { configurable: true, value: 800 });
Object.defineProperty(window.HTMLElement.prototype, 'clientWidth', { configurable: true, value: 400 });

configure({
  // A long timeout, so that tests don't fail on a busy machine.
  asyncUtilTimeout: 30_000,
  // Leave the page's HTML out of the error, because it would hide the message.
  getElementError: (message) => new Error(message ?? 'not found'),
});
