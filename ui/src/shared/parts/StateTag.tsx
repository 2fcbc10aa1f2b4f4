import { Check, CheckCheck, Clock, Flag } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { EntryState } from '../../backend';
import classes from './parts.module.css';

const icons = { saved: Check, pending: Clock, confirmed: CheckCheck, review: Flag };

/** Shows the state of an entry: saved, pending, confirmed, or to be reviewed. */
export function StateTag({ state }: { state: EntryState }) {
  const { t } = useTranslation('common');
  const Icon = icons[state];
  return (
    <span className={classes.state} data-state={state}>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      {t(`entryState.${state}`)}
    </span>
  );
}
