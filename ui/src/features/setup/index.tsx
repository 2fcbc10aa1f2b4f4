import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Preferences, type Start, useBackend } from '../../backend';
import { ErrorNotice } from '../../shared/parts';
import { useWatchedJob } from '../../shared/useWatchedJob';
import { Entrances } from './Entrances';
import { JoinPane } from './join/JoinPane';
import { Pane } from './Pane';
import classes from './SetUp.module.css';
import { AreasStep, FacilityStep, StaffStep } from './Steps';
import { useSetUp } from './useSetUp';

interface Props {
  preferences: Preferences;
  version: string;
  /** Called with what the program has once the set-up, a join, a restore or the demonstration is done. */
  onReady: (start: Start) => void;
  onPreferences: (preferences: Preferences) => void;
}

const STEPS = ['facility', 'areas', 'staff'] as const;
const BODIES = [FacilityStep, AreasStep, StaffStep] as const;

/** The first start: three short steps, or one of the other ways in beside them. */
export function SetUpScreen({ preferences, version, onReady, onPreferences }: Props) {
  const backend = useBackend();
  const [isJoining, setIsJoining] = useState(false);
  const entry = useWatchedJob(async () => onReady(await backend.start()));
  const isBlocked = entry.isRunning;
  return (
    <div className={classes.screen}>
      {isJoining ? (
        <JoinPane isBlocked={isBlocked} onReady={onReady} onLeave={() => setIsJoining(false)} />
      ) : (
        <OwnPane isBlocked={isBlocked} onReady={onReady} />
      )}
      <Entrances
        preferences={preferences}
        version={version}
        entry={entry}
        isJoining={isJoining}
        onJoin={() => setIsJoining(true)}
        onPreferences={onPreferences}
      />
    </div>
  );
}

/** A facility of one's own. */
function OwnPane({ isBlocked, onReady }: { isBlocked: boolean; onReady: (start: Start) => void }) {
  const { t } = useTranslation('setup');
  const setUp = useSetUp(onReady);
  const { step } = setUp;
  const Body = BODIES[step];
  const following = STEPS[step + 1];
  return (
    <div className={classes.pane} data-testid="setup-screen" data-step={step + 1}>
      <Pane
        title={t('title')}
        intro={t('intro')}
        steps={STEPS.map((name) => t(`steps.${name}`))}
        step={step}
        next={following ? t('next', { step: t(`steps.${following}`) }) : t('finish')}
        nextTestId={following ? 'setup-next' : 'setup-finish'}
        isSending={setUp.isSending}
        isBlocked={isBlocked}
        onNext={setUp.next}
        onBack={step > 0 ? setUp.back : null}
      >
        <Body setUp={setUp} />
        {setUp.refusal && <ErrorNotice error={setUp.refusal} />}
      </Pane>
    </div>
  );
}
