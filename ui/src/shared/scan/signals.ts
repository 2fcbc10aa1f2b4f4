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

/** Key events that the program sends to itself; the detector of scans passes them over. */
export const replayed = new WeakSet<Event>();
