import { Button } from '@mantine/core';
import { Cigarette } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useHotkeys } from '../../shared/hotkeys';
import { Kbd } from '../../shared/parts';
import { Progression } from './Progression';
import classes from './SetUp.module.css';

interface Props {
  title: string;
  intro: string;
  steps: string[];
  step: number;
  /** What the next button says. */
  next: string;
  nextTestId: string;
  isSending: boolean;
  /** Another way in was taken meanwhile. */
  isBlocked: boolean;
  onNext: () => void;
  /** Without it there is no way back. */
  onBack: (() => void) | null;
  children: ReactNode;
}

/** One way in: what it is, where one is, the step itself, back and on. */
export function Pane(props: Props) {
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
      <Progression steps={steps} step={step} />
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
