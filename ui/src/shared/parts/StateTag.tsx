import { Check, CheckCheck, Clock, Flag } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { RecordState } from '../../backend';
import classes from './parts.module.css';

const icons = { saved: Check, pending: Clock, confirmed: CheckCheck, review: Flag };

/** How far a record has come: stored, on its way, read back, or to be looked at. */
export function StateTag({ state }: { state: RecordState }) {
  const { t } = useTranslation('common');
  const Icon = icons[state];
  return (
    <span className={classes.state} data-state={state}>
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      {t(`recordState.${state}`)}
    </span>
  );
}
