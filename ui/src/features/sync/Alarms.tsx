import { Button } from '@mantine/core';
import {
  CircleAlert,
  Clock,
  HandCoins,
  type LucideIcon,
  PowerOff,
  RefreshCw,
  TriangleAlert,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Alarm, SyncView } from '../../backend';
import { formatNumber } from '../../shared/format';
import { useNavigation } from '../../shared/navigation';
import { useWords } from '../../shared/words';
import classes from './Sync.module.css';
import { useDifferenceText } from './useDifferenceText';

/** The tones of alarms, the most serious first. */
const RANKS = { bad: 0, warn: 1, calm: 2 };

interface AlarmTexts {
  kind: Alarm['kind'] | 'clock' | 'retiredHere';
  tone: keyof typeof RANKS;
  Icon: LucideIcon;
  title: string;
  text: string;
  /** A button to the screen with details or a remedy. */
  link?: { label: string; testId: string; go: () => void };
}

/** Alarms, the most serious first, each with its effect on the data and advice. */
export function Alarms({ view }: { view: SyncView }) {
  const alarms = useAlarms(view);
  if (alarms.length === 0) return null;
  return (
    <ul className={classes.bands}>
      {alarms.map(({ kind, tone, Icon, title, text, link }) => (
        <li
          key={`${kind} ${title}`}
          className={classes.band}
          data-tone={tone}
          data-testid="sync-band"
          data-kind={kind}
        >
          <Icon size={20} strokeWidth={1.75} aria-hidden />
          <div>
            <strong>{title}</strong>
            <p>{text}</p>
          </div>
          {link && (
            <Button variant="default" data-testid={link.testId} onClick={link.go}>
              {link.label}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function useAlarms({ alarms, clockOffMs, terminals, asOf }: SyncView): AlarmTexts[] {
  const { t } = useTranslation('sync');
  const { clockOrDay, duration } = useWords();
  const { go } = useNavigation();
  const differenceText = useDifferenceText();
  const textsOf = (alarm: Alarm): AlarmTexts => {
    switch (alarm.kind) {
      case 'digestDiffers': {
        const terminal = alarm.terminalName ?? t('terminals.unnamed');
        const { difference } = alarm;
        const id = difference?.customer?.customerId;
        return {
          kind: alarm.kind,
          tone: 'bad',
          Icon: CircleAlert,
          title: t('band.digestDiffers', { terminal }),
          text: differenceText(difference, terminal),
          ...(id && {
            link: { label: t('band.toMypage'), testId: 'sync-to-mypage', go: () => go('mypage', id) },
          }),
        };
      }
      case 'forked':
        return {
          kind: alarm.kind,
          tone: 'bad',
          Icon: CircleAlert,
          title: t('band.forked', { terminal: alarm.terminalName ?? t('terminals.unnamed') }),
          text: t('band.forkedText'),
        };
      case 'newIncarnation':
      case 'newLog':
        return {
          kind: alarm.kind,
          tone: 'warn',
          Icon: RefreshCw,
          title: t(`band.${alarm.kind}`, { time: clockOrDay(alarm.at, asOf) }),
          text: t(`band.${alarm.kind}Text`),
        };
      case 'takenOver':
        return {
          kind: alarm.kind,
          tone: 'warn',
          Icon: HandCoins,
          title: t('band.takenOver', {
            terminal: alarm.terminalName ?? t('terminals.unnamed'),
            time: clockOrDay(alarm.at, asOf),
          }),
          text: t('band.takenOverText'),
        };
      case 'needsUpdate':
        return {
          kind: alarm.kind,
          tone: 'warn',
          Icon: TriangleAlert,
          title: t('band.needsUpdate', { value: formatNumber(alarm.facts) }),
          text: t('band.needsUpdateText'),
        };
    }
  };
  const shown = alarms.map(textsOf);
  if (clockOffMs !== null) {
    const amount = duration(0, Math.abs(clockOffMs));
    shown.push({
      kind: 'clock',
      tone: 'warn',
      Icon: Clock,
      title: t(clockOffMs > 0 ? 'band.clockAhead' : 'band.clockBehind', { amount }),
      text: t('band.clockText'),
    });
  }
  if (terminals.some(({ here, retired }) => here && retired)) {
    shown.push({
      kind: 'retiredHere',
      tone: 'calm',
      Icon: PowerOff,
      title: t('band.retiredHere'),
      text: t('band.retiredHereText'),
    });
  }
  return shown.sort((a, b) => RANKS[a.tone] - RANKS[b.tone]);
}
