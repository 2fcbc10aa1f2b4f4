import { Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncView } from '../../backend';
import { formatNumber } from '../../shared/format';
import { elapsed } from '../../shared/time';
import { useWords } from '../../shared/words';
import classes from './Sync.module.css';
import type { Sending } from './useSending';

/** Figures about replication: the pending facts, the oldest of them, the last outage and the quarantine, explained. */
export function Figures({ view, sending }: { view: SyncView; sending: Sending }) {
  return (
    <dl className={classes.figures}>
      <Pending view={view} sending={sending} />
      <Oldest view={view} />
      <Offline view={view} />
      <Quarantined total={view.quarantined} />
    </dl>
  );
}

interface FigureProps {
  label: string;
  detail: string;
  testId: string;
  children: ReactNode;
}

function Figure({ label, detail, testId, children }: FigureProps) {
  return (
    <div className={classes.figure} data-testid={testId}>
      <dt>{label}</dt>
      <dd className={classes.value}>{children}</dd>
      <dd className={classes.detail}>{detail}</dd>
    </div>
  );
}

function Pending({ view, sending }: { view: SyncView; sending: Sending }) {
  const { t } = useTranslation('sync');
  const { pending, pendingDocuments, connection } = view;
  const isSending = sending.total > 0;
  const records =
    pendingDocuments > 0 ? t('figures.records', { value: formatNumber(pendingDocuments) }) : null;
  const state = isSending
    ? t('figures.sent', { total: formatNumber(sending.total), value: formatNumber(sending.sent) })
    : pending === 0
      ? t(records ? 'figures.sending' : 'figures.allSent')
      : t(connection.state === 'offline' ? 'figures.later' : 'figures.sending');
  const detail = records ? (pending === 0 ? records : `${state} · ${records}`) : state;
  return (
    <Figure label={t('figures.pending')} detail={detail} testId="sync-pending">
      {formatNumber(pending)}
      <span className={classes.unit}>{t(isSending ? 'figures.left' : 'figures.unit')}</span>
      {isSending && (
        <Progress
          className={classes.sending ?? ''}
          value={(sending.sent / sending.total) * 100}
          size={6}
          transitionDuration={0}
          aria-label={t('figures.progress')}
        />
      )}
    </Figure>
  );
}

function Oldest({ view: { oldest, asOf } }: { view: SyncView }) {
  const { t } = useTranslation('sync');
  const { t: common } = useTranslation('common');
  const { ago, clockOrDay } = useWords();
  const detail = oldest
    ? t('figures.oldestOf', {
        kind: common(`factKind.${oldest.kind}`),
        customer: oldest.customer ?? t('figures.unnamed'),
        ago: ago(oldest.at, asOf),
      })
    : t('figures.noOldest');
  return (
    <Figure label={t('figures.oldest')} detail={detail} testId="sync-oldest">
      {oldest ? clockOrDay(oldest.at, asOf) : '–'}
    </Figure>
  );
}

function Offline({ view: { outage, asOf } }: { view: SyncView }) {
  const { t } = useTranslation('sync');
  const { clockOrDay } = useWords();
  if (!outage) {
    return (
      <Figure label={t('figures.outage')} detail={t('figures.noOutage')} testId="sync-outage">
        –
      </Figure>
    );
  }
  const { hours, minutes } = elapsed(outage.from, outage.to ?? asOf);
  const from = clockOrDay(outage.from, asOf);
  const detail =
    outage.to === null ? t('figures.outageOpen', { from }) : `${from}–${clockOrDay(outage.to, asOf)}`;
  return (
    <Figure
      label={t(outage.to === null ? 'figures.outageNow' : 'figures.outage')}
      detail={detail}
      testId="sync-outage"
    >
      {hours > 0 && (
        <>
          {formatNumber(hours)}
          <span className={classes.unit}>{t('figures.hours')}</span>{' '}
        </>
      )}
      {minutes}
      <span className={classes.unit}>{t('figures.minutes')}</span>
    </Figure>
  );
}

function Quarantined({ total }: { total: number }) {
  const { t } = useTranslation('sync');
  return (
    <Figure
      label={t('figures.quarantined')}
      detail={t(total > 0 ? 'figures.goesOn' : 'figures.noQuarantine')}
      testId="sync-quarantined"
    >
      <span data-tone={total > 0 ? 'warn' : undefined}>{formatNumber(total)}</span>
      <span className={classes.unit}>{t('figures.unit')}</span>
    </Figure>
  );
}
