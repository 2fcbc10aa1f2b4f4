type Listener = () => void;

const beginnings = new Set<Listener>();

/** Calls the listener as soon as keys turn out to be a scan: what its first letters seemed to ask for must not happen. */
export function onScanBegin(listener: Listener): () => void {
  beginnings.add(listener);
  return () => beginnings.delete(listener);
}

export function signalScanBegin(): void {
  for (const listener of beginnings) listener();
}

const TURN_MS = 20;
/** A timer that fires later than this shows that the page or the machine is busy. */
const LATE_MS = 10;
const CALM_TURNS = 2;
const TURNS_MAX = 10;

/**
 * Lets events that are already waiting be handled first. On a busy page or machine, timers come before key events that
 * were sent earlier, so this waits until two timers in a row fire on time, but not for ever.
 */
export function afterWaitingEvents(run: () => void): void {
  const turn = (calm: number, turns: number) => {
    if (calm === CALM_TURNS || turns === TURNS_MAX) return run();
    const due = performance.now() + TURN_MS;
    setTimeout(() => turn(performance.now() - due > LATE_MS ? 0 : calm + 1, turns + 1), TURN_MS);
  };
  turn(0, 0);
}

/** Key events that the program sends to itself; the detector of scans passes them over. */
export const replayed = new WeakSet<Event>();
