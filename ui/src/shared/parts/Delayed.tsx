import { type ReactNode, useEffect, useState } from 'react';

const DELAY_MS = 150;

/** Shows a loading placeholder only after a short delay, so that the screen doesn't flicker if the answer is fast. */
export function Delayed({ children }: { children: ReactNode }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  return late ? children : null;
}
