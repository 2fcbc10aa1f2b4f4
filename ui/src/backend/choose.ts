import type { Backend } from './backend';
import { tauriBackend } from './tauri';

/**
 * The real side inside the window. In a browser, where there is no window process, the one in memory; a
 * release build leaves it out.
 */
export async function chooseBackend(): Promise<Backend> {
  if (import.meta.env.MODE !== 'production' && !('__TAURI_INTERNALS__' in window)) {
    const { createMockBackend, scenarioFromLocation } = await import('./mock');
    return createMockBackend(scenarioFromLocation(window.location.search));
  }
  return tauriBackend;
}
