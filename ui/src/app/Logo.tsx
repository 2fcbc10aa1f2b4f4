import { Cigarette } from 'lucide-react';
import classes from './app.module.css';

export function Logo() {
  return (
    <span className={classes.mark} aria-hidden>
      <Cigarette size={18} strokeWidth={2} />
    </span>
  );
}
