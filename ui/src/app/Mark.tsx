import { Cigarette } from 'lucide-react';
import classes from './app.module.css';

/** The program's mark. */
export function Mark() {
  return (
    <span className={classes.mark} aria-hidden>
      <Cigarette size={18} strokeWidth={2} />
    </span>
  );
}
