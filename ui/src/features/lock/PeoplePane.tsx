import { UnstyledButton } from '@mantine/core';
import { Hourglass } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LockScreen } from '../../backend';
import { KeyHint, Tag } from '../../shared/parts';
import { PeopleList } from '../../shared/people/PeopleList';
import { useCountdown } from '../../shared/people/useCountdown';
import { formatCountdown } from '../../shared/time';
import type { WaitEnds } from '.';
import classes from './Lock.module.css';

interface Props {
  lock: LockScreen;
  marked: string | null;
  ends: WaitEnds;
  onChoose: (staffId: string) => void;
  onRecover: () => void;
}

/** Who signs in: chosen by number, by the arrow keys, or by typing letters of the name. */
export function PeoplePane({ lock, marked, ends, onChoose, onRecover }: Props) {
  const { t } = useTranslation('lock');
  const pinOf = (staffId: string) =>
    lock.demonstrationPins?.find((one) => one.staffId === staffId)?.pin ?? null;
  return (
    <div className={classes.own}>
      <h1 className={classes.title}>{t('who.title')}</h1>
      <p className={classes.intro}>{t(lock.demonstrationPins ? 'who.demonstration' : 'who.intro')}</p>
      <TerminalWait endsAt={ends.terminal} />
      <PeopleList
        people={lock.staff}
        first={marked}
        layer="lock"
        aside={({ staffId }) => (
          <Aside endsAt={ends.staff.get(staffId) ?? null} demonstrationPin={pinOf(staffId)} />
        )}
        onChoose={({ staffId }) => onChoose(staffId)}
      />
      <footer className={classes.foot}>
        <span className={classes.hints}>
          <KeyHint keys={['↑', '↓']}>{t('who.mark')}</KeyHint>
          <KeyHint keys={['Enter']}>{t('who.choose')}</KeyHint>
        </span>
        {lock.hasRecoveryCode && (
          <UnstyledButton className={classes.quietLink} data-testid="lock-recover" onClick={onRecover}>
            {t('who.forgotten')}
          </UnstyledButton>
        )}
      </footer>
    </div>
  );
}

function Aside({ endsAt, demonstrationPin }: { endsAt: number | null; demonstrationPin: string | null }) {
  const { t } = useTranslation('lock');
  const seconds = useCountdown(endsAt);
  if (seconds > 0) {
    return (
      <Tag tone="warn">
        <Hourglass size={14} aria-hidden />
        <span data-testid="person-wait">{formatCountdown(seconds)}</span>
      </Tag>
    );
  }
  if (demonstrationPin === null) return <span />;
  return (
    <Tag tone="accent">
      <span data-testid="person-pin">{t('who.pin', { pin: demonstrationPin })}</span>
    </Tag>
  );
}

/** Says that nobody may try a PIN at this terminal now, and how long. */
export function TerminalWait({ endsAt }: { endsAt: number | null }) {
  const { t } = useTranslation('lock');
  const seconds = useCountdown(endsAt);
  if (seconds === 0) return null;
  return (
    <p className={classes.caution} data-testid="terminal-wait">
      <Hourglass size={16} strokeWidth={1.75} aria-hidden />
      <span>{t('terminalWait', { time: formatCountdown(seconds) })}</span>
    </p>
  );
}
