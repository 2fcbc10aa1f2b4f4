import type { ReactNode } from 'react';
import classes from './parts.module.css';

/** One sentence and its next action. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.empty} data-testid="empty">
      <p>{children}</p>
      {action}
    </div>
  );
}
