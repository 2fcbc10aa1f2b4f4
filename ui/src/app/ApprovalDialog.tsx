import { Button, Modal, Skeleton } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AppError,
  type Approval,
  asAppError,
  type LockScreenStaff,
  type Outcome,
  type Role,
  useBackend,
} from '../backend';
import { useTopEscape } from '../shared/hotkeys';
import { useApprovalLayer } from '../shared/layers';
import { Delayed, ErrorNotice, Kbd } from '../shared/parts';
import { PeopleList } from '../shared/people/PeopleList';
import { PinField } from '../shared/people/PinField';
import { PIN_MIN } from '../shared/people/pin';
import { usePinWords } from '../shared/people/pinWords';
import { endOfWait, useCountdown } from '../shared/people/useCountdown';
import { mayAct } from '../shared/roles';
import { useSession } from '../shared/session';
import { formatCountdown } from '../shared/time';
import classes from './app.module.css';

interface Props {
  needed: Role;
  send: (approver: Approval) => Promise<Outcome>;
  onDone: (outcome: Outcome) => void;
  onFailed: (error: AppError) => void;
  onClose: () => void;
}

/** Whoever may approve an act chooses the own name and types the PIN; the act is recorded this once, with both people. */
export function ApprovalDialog({ needed, send, onDone, onFailed, onClose }: Props) {
  const { t } = useTranslation('people');
  const { t: common } = useTranslation('common');
  const { staff } = useSession();
  const backend = useBackend();
  useApprovalLayer();
  useTopEscape('approval', onClose);
  const [people, setPeople] = useState<LockScreenStaff[] | null>(null);
  const [waitsUntil, setWaitsUntil] = useState<ReadonlyMap<string, number | null>>(new Map());
  const [person, setPerson] = useState<LockScreenStaff | null>(null);
  const [error, setError] = useState<AppError | null>(null);

  const read = useRef(async () => {});
  read.current = async () => {
    try {
      const { staff: all, terminalWaitMs } = await backend.lockScreen();
      const able = all.filter(({ staffId, role }) => staffId !== staff.staffId && mayAct(role, needed));
      setWaitsUntil(
        new Map(
          able.map(({ staffId, waitMs }) => [staffId, endOfWait(Math.max(waitMs ?? 0, terminalWaitMs ?? 0))]),
        ),
      );
      setPeople(able);
    } catch (thrown) {
      setError(asAppError(thrown));
    }
  };
  useEffect(() => void read.current(), []);
  const chosen = person ?? (people?.length === 1 ? (people[0] ?? null) : null);
  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={t('approval.title', { role: common(`role.${needed}`) })}
      data-testid="approval-dialog"
    >
      <div className={classes.approval}>
        <p className={classes.approvalText}>{t('approval.text', { name: staff.name })}</p>
        {error && <ErrorNotice error={error} />}
        {!people && !error && (
          <Delayed>
            <Skeleton height={48} />
          </Delayed>
        )}
        {people?.length === 0 && <p data-testid="approval-nobody">{t('approval.nobody')}</p>}
        {people && people.length > 0 && !chosen && (
          <PeopleList people={people} layer="approval" onChoose={setPerson} />
        )}
        {chosen && (
          <ApproverPin
            key={chosen.staffId}
            person={chosen}
            endsAt={waitsUntil.get(chosen.staffId) ?? null}
            canChange={(people?.length ?? 0) > 1}
            send={send}
            onChange={() => setPerson(null)}
            onRefused={() => void read.current()}
            onDone={onDone}
            onFailed={onFailed}
            onClose={onClose}
          />
        )}
        {!chosen && (
          <div className={classes.closeActions}>
            <Button size="md" variant="default" rightSection={<Kbd>Esc</Kbd>} onClick={onClose}>
              {common('cancel')}
            </Button>
          </div>
        )}
      </div>
    </Modal>
  );
}

interface PinProps extends Omit<Props, 'needed'> {
  person: LockScreenStaff;
  endsAt: number | null;
  canChange: boolean;
  onChange: () => void;
  onRefused: () => void;
}

function ApproverPin({
  person,
  endsAt,
  canChange,
  send,
  onChange,
  onRefused,
  onDone,
  onFailed,
  onClose,
}: PinProps) {
  const { t } = useTranslation('people');
  const { t: common } = useTranslation('common');
  const pinWords = usePinWords();
  const [pin, setPin] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setIsSending] = useState(false);
  const seconds = useCountdown(endsAt);
  const waits = seconds > 0;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isSending || waits || pin.length < PIN_MIN) return;
    setIsSending(true);
    setProblem(null);
    try {
      onDone(await send({ staffId: person.staffId, pin }));
    } catch (thrown) {
      const error = asAppError(thrown);
      if (error.code !== 'wrong_pin' && error.code !== 'pin_wait') return onFailed(error);
      setProblem(pinWords(error));
      setPin('');
      onRefused();
      setIsSending(false);
    }
  };
  return (
    <form
      className={classes.approval}
      noValidate
      data-busy={isSending || undefined}
      onSubmit={(event) => void submit(event)}
    >
      <PinField
        label={t('approval.pinOf', { name: person.name })}
        {...(waits && { hint: t('approval.wait', { time: formatCountdown(seconds) }) })}
        value={pin}
        error={problem}
        disabled={waits}
        autoFocus
        testid="approval-pin"
        onChange={(text) => {
          setPin(text);
          setProblem(null);
        }}
      />
      <div className={classes.closeActions} data-dialog-foot>
        {canChange && (
          <Button size="md" variant="default" data-testid="approval-other" onClick={onChange}>
            {t('approval.other')}
          </Button>
        )}
        <Button size="md" variant="default" rightSection={<Kbd>Esc</Kbd>} onClick={onClose}>
          {common('cancel')}
        </Button>
        <Button
          size="md"
          type="submit"
          loading={isSending}
          disabled={waits || pin.length < PIN_MIN}
          rightSection={
            <Kbd {...(!waits && pin.length >= PIN_MIN ? { on: 'accent' as const } : {})}>Enter</Kbd>
          }
          data-testid="approval-submit"
        >
          {t('approval.submit')}
        </Button>
      </div>
    </form>
  );
}
