import { useEffect, useState } from 'react';

/**
 * The time of the program's clock, for countdowns. Between two answers of the program it is extrapolated every second.
 */
export function useProgramTime(asOf: number): number {
  const [passed, setPassed] = useState({ since: asOf, ms: 0 });
  useEffect(() => {
    const begun = Date.now();
    const timer = setInterval(() => setPassed({ since: asOf, ms: Date.now() - begun }), 1_000);
    return () => clearInterval(timer);
  }, [asOf]);
  return passed.since === asOf ? asOf + passed.ms : asOf;
}
