import { useLayoutEffect } from 'react';
import { listenToScans } from '../shared/scan/listen';
import { readScanner } from '../shared/scan/scannerSettings';

/** Takes the scans of a terminal at which nobody has signed in since its start: they reach nothing and do nothing. */
export function useScansToNobody(isListening: boolean): void {
  useLayoutEffect(() => {
    if (!isListening) return;
    const listening = listenToScans(
      { intercept: () => false, onScan: () => {}, onSecondEnter: () => {} },
      readScanner(),
    );
    return () => listening.stop();
  }, [isListening]);
}
