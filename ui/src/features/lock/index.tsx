import { useCallback, useEffect, useState } from 'react';
import type { LockScreen as LockView, Session } from '../../backend';
import { useHotkeys, useTopEscape } from '../../shared/hotkeys';
import { endOfWait } from '../../shared/people/useCountdown';
import { EvacuationPane } from './EvacuationPane';
import { FirstManagerPane } from './FirstManagerPane';
import classes from './Lock.module.css';
import { LockSide } from './LockSide';
import { PeoplePane } from './PeoplePane';
import { RecoverPane } from './RecoverPane';
import { SignInPane } from './SignInPane';
import { WaitsForStaffPane } from './WaitsForStaffPane';

interface Props {
  lock: LockView;
  /** Who was signed in before; this person is marked in the list. */
  before: string | null;
  onSignedIn: (session: Session) => void;
  /** Reads the lock screen again. */
  onReload: () => void;
}

type Task = { kind: 'people' } | { kind: 'pin'; staffId: string } | { kind: 'recover' };

/** The moments at which the waits end that the program named with the lock screen. */
const endsOf = ({ terminalWaitMs, recoveryWaitMs, staff }: LockView) => ({
  terminal: endOfWait(terminalWaitMs),
  recovery: endOfWait(recoveryWaitMs),
  staff: new Map(staff.map(({ staffId, waitMs }) => [staffId, endOfWait(waitMs)])),
});
export type WaitEnds = ReturnType<typeof endsOf>;

/**
 * The lock screen: time, link, how many are inside, the evacuation list, and signing in. It names no customer, and a card
 * that is read does nothing here.
 */
export function LockScreen({ lock, before, onSignedIn, onReload }: Props) {
  const [task, setTask] = useState<Task>({ kind: 'people' });
  const [isEvacuating, setIsEvacuating] = useState(false);
  const [marked, setMarked] = useState(before);
  const [ends, setEnds] = useState(() => endsOf(lock));
  useEffect(() => setEnds(endsOf(lock)), [lock]);
  const toPeople = useCallback(() => {
    setTask({ kind: 'people' });
    onReload();
  }, [onReload]);
  useHotkeys({ F10: () => setIsEvacuating(true) }, { layer: 'lock' });
  useTopEscape('lock', toPeople, task.kind === 'pin');
  const person = task.kind === 'pin' ? lock.staff.find(({ staffId }) => staffId === task.staffId) : undefined;
  // Somebody may be retired while the PIN is asked for.
  const isGone = task.kind === 'pin' && person === undefined;
  useEffect(() => {
    if (isGone) setTask({ kind: 'people' });
  }, [isGone]);

  const pane = () => {
    if (isEvacuating) return <EvacuationPane onClose={() => setIsEvacuating(false)} />;
    if (lock.needsFirstManager) return <FirstManagerPane lock={lock} onSignedIn={onSignedIn} />;
    if (lock.waitsForStaff) return <WaitsForStaffPane lock={lock} />;
    if (task.kind === 'recover') {
      return (
        <RecoverPane
          lock={lock}
          endsAt={ends.recovery}
          onReload={onReload}
          onLeave={toPeople}
          onRecovered={(staffId) => {
            setMarked(staffId);
            toPeople();
          }}
        />
      );
    }
    if (person) {
      return (
        <SignInPane
          key={person.staffId}
          person={person}
          demonstrationPin={
            lock.demonstrationPins?.find(({ staffId }) => staffId === person.staffId)?.pin ?? null
          }
          ends={ends}
          onBack={toPeople}
          onReload={onReload}
          onSignedIn={onSignedIn}
        />
      );
    }
    return (
      <PeoplePane
        lock={lock}
        marked={marked}
        ends={ends}
        onChoose={(staffId) => {
          setMarked(staffId);
          setTask({ kind: 'pin', staffId });
        }}
        onRecover={() => setTask({ kind: 'recover' })}
      />
    );
  };
  return (
    <div className={classes.screen} data-testid="lock-screen" data-waits={lock.waitsForStaff || undefined}>
      <LockSide lock={lock} onEvacuation={() => setIsEvacuating(true)} />
      <main className={classes.pane} data-wide={isEvacuating || undefined}>
        {pane()}
      </main>
    </div>
  );
}
