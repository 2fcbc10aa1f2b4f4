import { CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import classes from './Settings.module.css';

/** A section's heading, with one sentence on what it is for. */
export function SectionHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <header className={classes.sectionHead}>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
    </header>
  );
}

/** What was just done, in its place. */
export function Said({ children }: { children: ReactNode }) {
  return (
    children && (
      <p className={classes.said} role="status" data-testid="settings-said">
        <CircleCheck size={16} strokeWidth={1.75} aria-hidden />
        <span>{children}</span>
      </p>
    )
  );
}
