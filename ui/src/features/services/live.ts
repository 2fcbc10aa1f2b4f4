import { useEffect, useState } from 'react';

/** The program's time, which goes on by the second between two answers: for what is counted down. */
export function useLive(asOf: number): number {
  const [passed, setPassed] = useState({ since: asOf, ms: 0 });
  useEffect(() => {
    const begun = Date.now();
    const timer = setInterval(() => setPassed({ since: asOf, ms: Date.now() - begun }), 1_000);
    return () => clearInterval(timer);
  }, [asOf]);
  return passed.since === asOf ? asOf + passed.ms : asOf;
}
