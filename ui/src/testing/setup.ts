import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

afterEach(cleanup);

// What jsdom lacks and Mantine or the virtual lists ask for.
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
Object.defineProperty(document, 'fonts', { value: { addEventListener() {}, removeEventListener() {} } });
// jsdom lays nothing out; virtual lists need a height to draw rows into.
Object.defineProperty(window.HTMLElement.prototype, 'clientHeight', { configurable: true, value: 800 });
Object.defineProperty(window.HTMLElement.prototype, 'clientWidth', { configurable: true, value: 400 });

configure({
  // A busy machine is no failure.
  asyncUtilTimeout: 10_000,
  // A whole printed page hides what failed.
  getElementError: (message) => new Error(message ?? 'not found'),
});
