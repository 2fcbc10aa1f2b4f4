import { Loader } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../backend';
import { useErrorWords } from '../errors';
import { formatNumber } from '../format';
import { ErrorNotice } from '../parts';
import classes from './connection.module.css';
import type { ConnectionForm } from './useConnectionForm';

interface Props {
  isTrying: boolean;
  failure: AppError | null;
  /** What was found where it works. */
  good: string | null;
}

/** What a trial found, kept in sight: the form above it is long. */
export function TrialResult({ isTrying, failure, good }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const isShown = isTrying || failure !== null || good !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new answer is a reason to look again.
  useEffect(() => {
    if (isShown) place.current?.scrollIntoView({ block: 'nearest' });
  }, [isShown, isTrying, failure, good]);
  if (!isShown) return null;
  return (
    <div ref={place} className={classes.trial}>
      <Found isTrying={isTrying} failure={failure} good={good} />
    </div>
  );
}

/** That it works, or exactly what is wrong and what to do. */
function Found({ isTrying, failure, good }: Props) {
  const { t } = useTranslation('connection');
  const errorWords = useErrorWords();
  if (isTrying) {
    return (
      <p className={classes.trying} role="status" data-testid="trial-running">
        <Loader size={16} />
        {t('trying')}
      </p>
    );
  }
  if (failure) {
    const { detail } = failure.params;
    return (
      <div data-testid="trial-failed">
        <ErrorNotice error={failure} />
        {typeof detail === 'string' && !errorWords(failure).advice.includes(detail) && (
          <p className={classes.detail} data-selectable>
            {detail}
          </p>
        )}
      </div>
    );
  }
  return (
    <div className={classes.good} role="status" data-testid="trial-good">
      <CircleCheck size={20} strokeWidth={1.75} aria-hidden />
      <div>
        <strong>{t('good')}</strong>
        <p>{good}</p>
      </div>
    </div>
  );
}

/** What the trial of a connection found. */
export function Trial({ form: { trial, error, isTrying } }: { form: ConnectionForm }) {
  const { t } = useTranslation('connection');
  const seconds = ((trial?.tookMs ?? 0) / 1_000).toFixed(1);
  const cluster = trial?.clusterId ?? '';
  const found = () =>
    trial?.facts
      ? t('goodText', { seconds, cluster, facts: formatNumber(trial.facts) })
      : t('goodEmpty', { seconds, cluster });
  return (
    <TrialResult
      isTrying={isTrying}
      failure={error ?? trial?.error ?? null}
      good={trial && !trial.error ? found() : null}
    />
  );
}
