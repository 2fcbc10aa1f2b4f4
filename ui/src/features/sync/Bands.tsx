import { Button } from '@mantine/core';
import { CircleAlert, Clock, KeyRound, type LucideIcon, RefreshCw, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Alarm, SyncView } from '../../backend';
import { formatNumber } from '../../shared/format';
import { useNavigation } from '../../shared/navigation';
import { useWords } from '../../shared/words';
import classes from './Sync.module.css';
import { useDifferenceText } from './useDifferenceText';

interface Band {
  kind: Alarm['kind'] | 'clock' | 'sealed';
  tone: 'bad' | 'warn';
  Icon: LucideIcon;
  title: string;
  text: string;
  /** Where more of it is seen, or put right. */
  way?: { label: string; testId: string; go: () => void };
}

/** What somebody should know, the worst first: what happened, what it did to the records, what to do. */
export function Bands({ view }: { view: SyncView }) {
  const bands = useBands(view);
  if (bands.length === 0) return null;
  return (
    <ul className={classes.bands}>
      {bands.map(({ kind, tone, Icon, title, text, way }) => (
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
          {way && (
            <Button variant="default" data-testid={way.testId} onClick={way.go}>
              {way.label}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function useBands({ alarms, clockOffMs, sealedProfiles, asOf }: SyncView): Band[] {
  const { t } = useTranslation('sync');
  const { clockOrDay, duration } = useWords();
  const { go, goToSettings } = useNavigation();
  const differenceText = useDifferenceText();
  const bandOf = (alarm: Alarm): Band => {
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
            way: { label: t('band.toMypage'), testId: 'sync-to-mypage', go: () => go('mypage', id) },
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
      case 'newLife':
      case 'newLog':
        return {
          kind: alarm.kind,
          tone: 'warn',
          Icon: RefreshCw,
          title: t(`band.${alarm.kind}`, { time: clockOrDay(alarm.at, asOf) }),
          text: t(`band.${alarm.kind}Text`),
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
  const bands = alarms.map(bandOf);
  if (clockOffMs !== null) {
    const amount = duration(0, Math.abs(clockOffMs));
    bands.push({
      kind: 'clock',
      tone: 'warn',
      Icon: Clock,
      title: t(clockOffMs > 0 ? 'band.clockAhead' : 'band.clockBehind', { amount }),
      text: t('band.clockText'),
    });
  }
  if (sealedProfiles > 0) {
    bands.push({
      kind: 'sealed',
      tone: 'warn',
      Icon: KeyRound,
      title: t('band.sealed'),
      text: t('band.sealedText', { value: formatNumber(sealedProfiles) }),
      way: { label: t('band.toPairing'), testId: 'sync-to-pairing', go: () => goToSettings('pairing') },
    });
  }
  return bands.sort((a, b) => Number(b.tone === 'bad') - Number(a.tone === 'bad'));
}
