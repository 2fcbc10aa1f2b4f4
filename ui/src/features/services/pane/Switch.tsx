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
import classes from './Pane.module.css';

const REASON_MAX = 80;

/** Stop or start, with what it means. Stopping asks first; starting hurts nobody. */
export function Switch({ context }: { context: ContextView }) {
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
  const said = isSuccess && data === undefined && variables ? variables.to : null;
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
        {said && t(said === 'stopped' ? 'switch.stopped' : 'switch.started', { name: nameOf(name) })}
      </p>
      <div className={classes.meaning} data-stopped={isStopped || undefined}>
        <h3>{t(isStopped ? 'meaning.now' : 'meaning.if')}</h3>
        <Meaning of={name} />
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
          <Meaning of={name} />
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

type Kind = 'goesOn' | 'refused' | 'unrecorded' | 'waits';
const ICONS: Record<Kind, LucideIcon> = { goesOn: Check, refused: X, unrecorded: Minus, waits: Clock };
/** Who refuses something while stopped, and for whom something waits. */
const KINDS: Record<ContextName, readonly Kind[]> = {
  check_in: ['goesOn', 'refused', 'unrecorded'],
  point: ['goesOn', 'refused', 'unrecorded', 'waits'],
  pay: ['goesOn', 'refused', 'unrecorded'],
  penalty: ['goesOn', 'refused', 'unrecorded'],
  mypage: ['goesOn', 'refused', 'waits'],
  publisher: ['goesOn', 'waits'],
  consumer: ['goesOn', 'waits'],
};

/** What goes on, what is refused, and what becomes of that. */
function Meaning({ of }: { of: ContextName }) {
  const { t } = useTranslation('services');
  return (
    <ul className={classes.meanings} data-testid="service-meaning">
      {KINDS[of].map((kind) => {
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
