import { Button, Loader } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../backend';
import { useErrorWords } from '../errors';
import { formatNumber } from '../format';
import { ErrorNotice, Kbd } from '../parts';
import { SECOND_MS } from '../time';
import classes from './connection.module.css';
import type { ConnectionForm } from './useConnectionForm';
import type { Trial, TrialOutcome } from './useTrial';

interface TryButtonProps {
  isTrying: boolean;
  isDisabled: boolean;
  testId: string;
  onTry: () => Promise<void>;
}

export function TryButton({ isTrying, isDisabled, testId, onTry }: TryButtonProps) {
  const { t } = useTranslation('connection');
  return (
    <Button
      size="md"
      variant="default"
      loading={isTrying}
      disabled={isDisabled}
      rightSection={<Kbd>Enter</Kbd>}
      data-testid={testId}
      onClick={() => void onTry()}
    >
      {t('try')}
    </Button>
  );
}

interface TrialResultProps<Outcome extends TrialOutcome> {
  trial: Trial<Outcome>;
  /** Returns a text about a successful trial. `seconds` is the trial's duration with one decimal. */
  describe: (outcome: Outcome, seconds: string) => string;
}

/** Shows the state and the result of a trial. Scrolls into view, because the form above is long. */
export function TrialResult<Outcome extends TrialOutcome>({ trial, describe }: TrialResultProps<Outcome>) {
  const { outcome, failure, isTrying } = trial;
  const box = useRef<HTMLDivElement>(null);
  const isShown = isTrying || failure !== null || outcome !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new result is scrolled to.
  useEffect(() => {
    if (isShown) box.current?.scrollIntoView({ block: 'nearest' });
  }, [isShown, isTrying, failure, outcome]);
  if (!isShown) return null;
  return (
    <div ref={box} className={classes.trial}>
      {isTrying && <Running />}
      {!isTrying && failure && <Failure failure={failure} />}
      {!isTrying && !failure && outcome && (
        <Success text={describe(outcome, (outcome.tookMs / SECOND_MS).toFixed(1))} />
      )}
    </div>
  );
}

function Running() {
  const { t } = useTranslation('connection');
  return (
    <p className={classes.trying} role="status" data-testid="trial-running">
      <Loader size={16} />
      {t('trying')}
    </p>
  );
}

/** Shows the error with its advice, and the server's own message unless the advice contains it. */
function Failure({ failure }: { failure: AppError }) {
  const errorWords = useErrorWords();
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

function Success({ text }: { text: string }) {
  const { t } = useTranslation('connection');
  return (
    <div className={classes.good} role="status" data-testid="trial-good">
      <CircleCheck size={20} strokeWidth={1.75} aria-hidden />
      <div>
        <strong>{t('good')}</strong>
        <p>{text}</p>
      </div>
    </div>
  );
}

export function ConnectionTrialResult({ form }: { form: ConnectionForm }) {
  const { t } = useTranslation('connection');
  return (
    <TrialResult
      trial={form.trial}
      describe={({ facts, clusterId }, seconds) => {
        const cluster = clusterId ?? '';
        return facts
          ? t('goodText', { seconds, cluster, facts: formatNumber(facts) })
          : t('goodEmpty', { seconds, cluster });
      }}
    />
  );
}
