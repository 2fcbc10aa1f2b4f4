import { Button, TextInput } from '@mantine/core';
import { Check, Clock, type LucideIcon, Minus, Pause, Play, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContextName, ContextView } from '../../../backend';
import { useSwitchContext } from '../../../shared/data/services';
import { formatNumber } from '../../../shared/format';
import { Confirm, ErrorNotice } from '../../../shared/parts';
import { useSession } from '../../../shared/session';
import { useServiceWords } from '../words';
import classes from './ServicePane.module.css';

const REASON_MAX = 80;

/** Stops or starts a context and lists the consequences. Only stopping asks for confirmation. */
export function StopOrStart({ context }: { context: ContextView }) {
  const { t } = useTranslation('services');
  const { nameOf } = useServiceWords();
  const { staff } = useSession();
  const { mutate, isPending, error, data, variables, isSuccess } = useSwitchContext();
  const [isAsking, setIsAsking] = useState(false);
  const [reason, setReason] = useState('');
  const { name, state, lag } = context;
  const isStopped = state === 'stopped';
  const mayNot = staff.role !== 'manager';
  const switchTo = (to: 'stopped' | 'running') => {
    if (isPending) return;
    setIsAsking(false);
    setReason('');
    mutate({ name, to, ...(to === 'stopped' ? { reason } : {}) });
  };
  const doneState = isSuccess && data === undefined && variables ? variables.to : null;
  const startText =
    lag > 0 && name !== 'pay' ? t('switch.startWith', { value: formatNumber(lag) }) : t('switch.start');
  return (
    <div className={classes.switch}>
      <Button
        size="md"
        fullWidth
        variant={isStopped ? 'filled' : 'default'}
        loading={isPending}
        disabled={mayNot}
        leftSection={
          isStopped ? <Play size={16} strokeWidth={1.75} /> : <Pause size={16} strokeWidth={1.75} />
        }
        data-testid={isStopped ? 'context-start' : 'context-stop'}
        onClick={() => (isStopped ? switchTo('running') : setIsAsking(true))}
      >
        {isStopped ? startText : t('switch.stop')}
      </Button>
      {mayNot && <p className={classes.hint}>{t('switch.manager')}</p>}
      {error && <ErrorNotice error={error} />}
      <p role="status" className="visually-hidden" data-testid="service-said">
        {doneState &&
          t(doneState === 'stopped' ? 'switch.stopped' : 'switch.started', { name: nameOf(name) })}
      </p>
      <div className={classes.meaning} data-stopped={isStopped || undefined}>
        <h3>{t(isStopped ? 'meaning.now' : 'meaning.if')}</h3>
        <Consequences of={name} />
      </div>
      {isAsking && (
        <Confirm
          title={t('switch.title', { name: nameOf(name) })}
          keep={t('switch.keep')}
          confirm={t('switch.confirm')}
          isDangerous
          testId="context-stop-confirm"
          onConfirm={() => switchTo('stopped')}
          onClose={() => setIsAsking(false)}
        >
          <Consequences of={name} />
          <p>{t('switch.untilRestart')}</p>
          <TextInput
            label={t('switch.reason')}
            description={t('switch.reasonText')}
            placeholder={t('switch.reasonExample')}
            value={reason}
            maxLength={REASON_MAX}
            data-testid="context-stop-reason"
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </Confirm>
      )}
    </div>
  );
}

type Consequence = 'goesOn' | 'refused' | 'unrecorded' | 'waits';
const ICONS: Record<Consequence, LucideIcon> = { goesOn: Check, refused: X, unrecorded: Minus, waits: Clock };
/** The kinds of consequences that the stop of each context has. */
const CONSEQUENCES: Record<ContextName, readonly Consequence[]> = {
  check_in: ['goesOn', 'refused', 'unrecorded'],
  point: ['goesOn', 'refused', 'unrecorded', 'waits'],
  pay: ['goesOn', 'refused', 'unrecorded'],
  penalty: ['goesOn', 'refused', 'unrecorded'],
  mypage: ['goesOn', 'refused', 'waits'],
  publisher: ['goesOn', 'waits'],
  consumer: ['goesOn', 'waits'],
};

/** The consequences of a stop, as a list. */
function Consequences({ of }: { of: ContextName }) {
  const { t } = useTranslation('services');
  return (
    <ul className={classes.meanings} data-testid="service-meaning">
      {CONSEQUENCES[of].map((kind) => {
        const Icon = ICONS[kind];
        const text =
          kind === 'unrecorded'
            ? t('meaning.unrecorded')
            : t(`meaning.${of}.${kind}` as 'meaning.point.goesOn');
        return (
          <li key={kind} data-kind={kind}>
            <Icon size={16} strokeWidth={1.75} aria-hidden />
            <span>{text}</span>
          </li>
        );
      })}
    </ul>
  );
}
