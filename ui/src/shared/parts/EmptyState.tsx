import type { ReactNode } from 'react';
import classes from './parts.module.css';

/** Shown instead of an empty list: a sentence, and a button for the next step. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.empty} data-testid="empty">
      <p>{children}</p>
      {action}
    </div>
  );
}
