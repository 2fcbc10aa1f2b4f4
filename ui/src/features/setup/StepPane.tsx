import { Button } from '@mantine/core';
import { Cigarette } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useHotkeys } from '../../shared/hotkeys';
import { Kbd } from '../../shared/parts';
import classes from './SetUp.module.css';
import { StepList } from './StepList';

interface Props {
  title: string;
  intro: string;
  steps: string[];
  step: number;
  /** The label of the next button. */
  next: string;
  nextTestId: string;
  isSending: boolean;
  /** Disables the next button while the demonstration or a restore is running. */
  isBlocked: boolean;
  onNext: () => void;
  /** Called by the back button; null if there is none. */
  onBack: (() => void) | null;
  children: ReactNode;
}

/** A step of the set-up or of joining: heading, list of steps, the step's inputs, and the buttons back and next. */
export function StepPane(props: Props) {
  const { title, intro, steps, step, next, nextTestId, isSending, isBlocked, onNext, onBack, children } =
    props;
  const { t } = useTranslation('setup');
  const { t: common } = useTranslation('common');
  const goOn = () => !isBlocked && onNext();
  useHotkeys({ 'Ctrl Enter': goOn });
  return (
    <main className={classes.own}>
      <p className={classes.brand}>
        <span className={classes.mark}>
          <Cigarette size={20} strokeWidth={2} aria-hidden />
        </span>
        {common('appName')}
      </p>
      <h1 className={classes.title}>{title}</h1>
      <p className={classes.intro}>{intro}</p>
      <StepList steps={steps} step={step} />
      <div className={classes.body} key={step}>
        {children}
      </div>
      <footer className={classes.foot}>
        {onBack && (
          <Button size="md" variant="default" disabled={isSending} data-testid="setup-back" onClick={onBack}>
            {t('back')}
          </Button>
        )}
        <span className={classes.space} />
        <Button
          size="md"
          className={classes.next ?? ''}
          loading={isSending}
          disabled={isBlocked}
          rightSection={isBlocked ? null : <Kbd on="accent">Ctrl Enter</Kbd>}
          data-testid={nextTestId}
          onClick={goOn}
        >
          {next}
        </Button>
      </footer>
    </main>
  );
}
