import type { Backend } from './backend';
import { tauriBackend } from './tauri';

/**
 * Chooses the backend. In the program's window, the process of the window. In a browser, the real program over loopback
 * if `npm run dev:ui -- --real` has started it, otherwise the mock. The production build contains only the first.
 */
export async function chooseBackend(): Promise<Backend> {
  if ('__TAURI_INTERNALS__' in window) return tauriBackend;
  if (import.meta.env.DEV && import.meta.env.VITE_LOOPBACK) {
    const { loopbackBackend } = await import('./loopback');
    return loopbackBackend(JSON.parse(import.meta.env.VITE_LOOPBACK));
  }
  if (import.meta.env.MODE !== 'production') {
    const { createMockBackend, scenarioFromLocation } = await import('./mock');
    return createMockBackend(scenarioFromLocation(window.location.search));
  }
  return tauriBackend;
}
