import type { ReactNode } from 'react';
import classes from './parts.module.css';

/** A key, drawn as a keycap. */
export function Kbd({ children, on }: { children: ReactNode; on?: 'accent' | 'inverse' }) {
  return (
    <kbd className={classes.kbd} data-on={on}>
      {children}
    </kbd>
  );
}

/** Keys with their meaning: `Esc 지우기`. */
export function KeyHint({ keys, children }: { keys: string[]; children: ReactNode }) {
  return (
    <span className={classes.hint}>
      {keys.map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
      {children}
    </span>
  );
}
