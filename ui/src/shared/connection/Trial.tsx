import { Loader } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorWords } from '../errors';
import { formatNumber } from '../format';
import { ErrorNotice } from '../parts';
import classes from './connection.module.css';
import type { ConnectionForm } from './useConnectionForm';

/** What the trial found, kept in sight: the form above it is long. */
export function Trial({ form }: { form: ConnectionForm }) {
  const place = useRef<HTMLDivElement>(null);
  const { isTrying, trial, error } = form;
  const isShown = isTrying || trial !== null || error !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new answer is a reason to look again.
  useEffect(() => {
    if (isShown) place.current?.scrollIntoView({ block: 'nearest' });
  }, [isShown, isTrying, trial, error]);
  if (!isShown) return null;
  return (
    <div ref={place} className={classes.trial}>
      <Found form={form} />
    </div>
  );
}

/** That it works, or exactly what is wrong and what to do. */
function Found({ form: { trial, error, isTrying } }: { form: ConnectionForm }) {
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
  const failure = error ?? trial?.error ?? null;
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
  if (!trial) return null;
  const seconds = (trial.tookMs / 1_000).toFixed(1);
  const cluster = trial.clusterId ?? '';
  return (
    <div className={classes.good} role="status" data-testid="trial-good">
      <CircleCheck size={20} strokeWidth={1.75} aria-hidden />
      <div>
        <strong>{t('good')}</strong>
        <p>
          {trial.facts
            ? t('goodText', { seconds, cluster, facts: formatNumber(trial.facts) })
            : t('goodEmpty', { seconds, cluster })}
        </p>
      </div>
    </div>
  );
}
