import { Button } from '@mantine/core';
import { Check, Cigarette } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type Preferences, type Start, useBackend } from '../../backend';
import { useHotkeys } from '../../shared/hotkeys';
import { ErrorNotice, Kbd } from '../../shared/parts';
import { useWatchedJob } from '../../shared/useWatchedJob';
import { Entrances } from './Entrances';
import type { Step } from './form';
import classes from './SetUp.module.css';
import { AreasStep, FacilityStep, StaffStep } from './Steps';
import { useSetUp } from './useSetUp';

interface Props {
  preferences: Preferences;
  version: string;
  /** Called with what the program has once the set-up, a restore or the demonstration is done. */
  onReady: (start: Start) => void;
  onPreferences: (preferences: Preferences) => void;
}

const STEPS = ['facility', 'areas', 'staff'] as const;
const BODIES = [FacilityStep, AreasStep, StaffStep] as const;

/** The first start: three short steps, or the demonstration beside them. */
export function SetUpScreen({ preferences, version, onReady, onPreferences }: Props) {
  const { t } = useTranslation('setup');
  const { t: common } = useTranslation('common');
  const backend = useBackend();
  const setUp = useSetUp(onReady);
  const entry = useWatchedJob(async () => onReady(await backend.start()));
  const next = () => !entry.isRunning && setUp.next();
  useHotkeys({ 'Ctrl Enter': next });
  const { step } = setUp;
  const Body = BODIES[step];
  const following = STEPS[step + 1];
  return (
    <div className={classes.screen} data-testid="setup-screen" data-step={step + 1}>
      <main className={classes.own}>
        <p className={classes.brand}>
          <span className={classes.mark}>
            <Cigarette size={20} strokeWidth={2} aria-hidden />
          </span>
          {common('appName')}
        </p>
        <h1 className={classes.title}>{t('title')}</h1>
        <p className={classes.intro}>{t('intro')}</p>
        <Progression step={step} />
        <div className={classes.body} key={step}>
          <Body setUp={setUp} />
          {setUp.refusal && <ErrorNotice error={setUp.refusal} />}
        </div>
        <footer className={classes.foot}>
          {step > 0 && (
            <Button size="md" variant="default" data-testid="setup-back" onClick={setUp.back}>
              {t('back')}
            </Button>
          )}
          <span className={classes.space} />
          <Button
            size="md"
            className={classes.next ?? ''}
            loading={setUp.isSending}
            disabled={entry.isRunning}
            rightSection={entry.isRunning ? null : <Kbd on="accent">Ctrl Enter</Kbd>}
            data-testid={following ? 'setup-next' : 'setup-finish'}
            onClick={next}
          >
            {following ? t('next', { step: t(`steps.${following}`) }) : t('finish')}
          </Button>
        </footer>
      </main>
      <Entrances preferences={preferences} version={version} entry={entry} onPreferences={onPreferences} />
    </div>
  );
}

function Progression({ step }: { step: Step }) {
  const { t } = useTranslation('setup');
  return (
    <ol className={classes.steps} aria-label={t('steps.label')}>
      {STEPS.map((name, index) => (
        <li
          key={name}
          data-state={index < step ? 'done' : index === step ? 'now' : 'later'}
          aria-current={index === step ? 'step' : undefined}
        >
          <span className={classes.stepMark}>
            {index < step ? <Check size={14} strokeWidth={2.5} aria-label={t('steps.done')} /> : index + 1}
          </span>
          {t(`steps.${name}`)}
        </li>
      ))}
    </ol>
  );
}
