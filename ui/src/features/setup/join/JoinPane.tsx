import { useTranslation } from 'react-i18next';
import type { Start } from '../../../backend';
import { ErrorNotice } from '../../../shared/parts';
import classes from '../SetUp.module.css';
import { StepPane } from '../StepPane';
import { CodeStep, ConnectionStep, TerminalStep } from './JoinSteps';
import { useJoin } from './useJoin';

const STEPS = ['code', 'connection', 'terminal'] as const;
const BODIES = [CodeStep, ConnectionStep, TerminalStep] as const;

interface Props {
  isBlocked: boolean;
  onReady: (start: Start) => void;
  onLeave: () => void;
}

/** Joins the facility of another terminal. */
export function JoinPane({ isBlocked, onReady, onLeave }: Props) {
  const { t } = useTranslation('setup');
  const join = useJoin(onReady);
  const { step } = join;
  const Body = BODIES[step];
  const following = STEPS[step + 1];
  return (
    <div className={classes.pane} data-testid="join-screen" data-step={step + 1}>
      <StepPane
        title={t('join.title')}
        intro={t('join.intro')}
        steps={STEPS.map((name) => t(`join.steps.${name}`))}
        step={step}
        next={following ? t('next', { step: t(`join.steps.${following}`) }) : t('join.finish')}
        nextTestId={following ? 'join-next' : 'join-finish'}
        isSending={join.isSending}
        isBlocked={isBlocked}
        onNext={join.next}
        onBack={step > 0 ? join.back : onLeave}
      >
        {/* Above the inputs, because the connection step is taller than the window. */}
        {join.refusal && <ErrorNotice error={join.refusal} />}
        <Body join={join} />
      </StepPane>
    </div>
  );
}
