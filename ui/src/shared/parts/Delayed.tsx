import { type ReactNode, useEffect, useState } from 'react';

const PATIENCE_MS = 150;

/** Shows nothing for a moment, then what stands for content that is still loading. */
export function Delayed({ children }: { children: ReactNode }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return late ? children : null;
}
