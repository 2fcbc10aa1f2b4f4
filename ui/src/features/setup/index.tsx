import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Founded, type Preferences, type Start, useBackend } from '../../backend';
import { ErrorNotice } from '../../shared/parts';
import { RecoveryCode } from '../../shared/people/RecoveryCode';
import { useWatchedJob } from '../../shared/useWatchedJob';
import { JoinPane } from './join/JoinPane';
import classes from './SetUp.module.css';
import { StartOptions } from './StartOptions';
import { StepPane } from './StepPane';
import { AreasStep, FacilityStep, StaffStep } from './Steps';
import { useSetUp } from './useSetUp';

interface Props {
  preferences: Preferences;
  version: string;
  /** Called with the new state when the set-up, joining, a restore or the demonstration is done. */
  onReady: (start: Start) => void;
  onPreferences: (preferences: Preferences) => void;
}

const STEPS = ['facility', 'areas', 'staff'] as const;
const BODIES = [FacilityStep, AreasStep, StaffStep] as const;

/** Shown on the first start: three steps to set up a facility, and beside them the alternatives. */
export function SetUpScreen({ preferences, version, onReady, onPreferences }: Props) {
  const backend = useBackend();
  const [isJoining, setIsJoining] = useState(false);
  const entry = useWatchedJob(async () => onReady(await backend.start()));
  const [founded, setFounded] = useState<Founded | null>(null);
  const isBlocked = entry.isRunning;
  if (founded) {
    return (
      <CodePane founded={founded} onKept={() => onReady({ state: 'ready', session: founded.session })} />
    );
  }
  return (
    <div className={classes.screen}>
      {isJoining ? (
        <JoinPane isBlocked={isBlocked} onReady={onReady} onLeave={() => setIsJoining(false)} />
      ) : (
        <NewFacilityPane isBlocked={isBlocked} onFounded={setFounded} />
      )}
      <StartOptions
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

/** Shows the recovery code of a facility that was just set up. */
function CodePane({ founded, onKept }: { founded: Founded; onKept: () => void }) {
  const { t } = useTranslation('setup');
  return (
    <div className={classes.foundedPage}>
      <main className={classes.founded} data-testid="setup-code">
        <h1 className={classes.title}>{t('code.title')}</h1>
        <p className={classes.intro}>{t('code.intro')}</p>
        <RecoveryCode
          code={founded.recoveryCode}
          facilityName={founded.session.facility.name}
          onKept={onKept}
        />
      </main>
    </div>
  );
}

/** Sets up a new facility. */
function NewFacilityPane({
  isBlocked,
  onFounded,
}: {
  isBlocked: boolean;
  onFounded: (founded: Founded) => void;
}) {
  const { t } = useTranslation('setup');
  const setUp = useSetUp(onFounded);
  const { step } = setUp;
  const Body = BODIES[step];
  const following = STEPS[step + 1];
  return (
    <div className={classes.pane} data-testid="setup-screen" data-step={step + 1}>
      <StepPane
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
      </StepPane>
    </div>
  );
}
