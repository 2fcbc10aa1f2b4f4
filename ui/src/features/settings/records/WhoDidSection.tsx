import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FactKind, useBackend, type WhoEntry, type WhoFilter } from '../../../backend';
import { useRecorders } from '../../../shared/data/people';
import { useSyncView } from '../../../shared/data/sync';
import { formatNumber } from '../../../shared/format';
import { useJobs } from '../../../shared/jobs';
import { EmptyState, ErrorNotice, FactKindIcon, Tag } from '../../../shared/parts';
import { useLanguage } from '../../../shared/preferences';
import { useAreaName } from '../../../shared/session';
import { formatClockSeconds, formatDay } from '../../../shared/time';
import { useAttempt } from '../../../shared/useAttempt';
import { useWords } from '../../../shared/words';
import { SectionHead } from '../Section';
import classes from '../Settings.module.css';
import { actorOfKey, useActorChoices, useActorWords } from './actors';
import { DayField } from './DayField';
import { usePages } from './usePages';

const PAGE = 50;
const KINDS: readonly FactKind[] = [
  ...(['checkedIn', 'checkedOut', 'checkOutTakenBack', 'visitClosed', 'visitVoided', 'earned'] as const),
  ...([
    'paid',
    'paymentVoided',
    'pointsAdjusted',
    'penaltyImposed',
    'penaltyDeducted',
    'penaltyVoided',
  ] as const),
  ...([
    'penaltyDeductionVoided',
    'given',
    'reclaimed',
    'customersLinked',
    'customersParted',
    'customerErased',
  ] as const),
];

/** Who did what: the facts of all terminals, by who recorded or approved them. */
export function WhoDidSection() {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation('common');
  const backend = useBackend();
  const { track } = useJobs();
  const recorders = useRecorders();
  const terminals = useSyncView().data?.terminals ?? [];
  const choices = useActorChoices();
  const { error, attempt } = useAttempt();
  const [by, setBy] = useState('');
  const [terminalId, setTerminalId] = useState('');
  const [kind, setKind] = useState<FactKind | ''>('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [isMarked, setIsMarked] = useState(false);
  const actor = actorOfKey(by);
  const filter: WhoFilter = {
    ...(actor && { by: actor }),
    ...(terminalId !== '' && { terminalId }),
    ...(kind !== '' && { kind }),
    ...(from !== '' && { from }),
    ...(to !== '' && { to }),
    ...(isMarked && { marked: true }),
  };
  const pages = usePages(
    ['whoDid', filter],
    (cursor) => backend.whoDidWhat({ filter, limit: PAGE, ...(cursor && { cursor }) }),
    ({ entries }) => entries.length === 0,
  );
  const entries = pages.data?.pages.flatMap((page) => page.entries);
  return (
    <>
      <SectionHead title={t('whoDid.title')}>{t('whoDid.hint')}</SectionHead>
      <div className={classes.filters}>
        <NativeSelect
          size="md"
          label={t('filter.who')}
          value={by}
          data={choices(recorders.data ?? [])}
          data-testid="who-by"
          onChange={(event) => setBy(event.currentTarget.value)}
        />
        {terminals.length > 1 && (
          <NativeSelect
            size="md"
            label={t('filter.terminal')}
            value={terminalId}
            data={[
              { value: '', label: t('filter.everywhere') },
              ...terminals.map((one) => ({
                value: one.terminalId,
                label: one.name ?? common('otherTerminal'),
              })),
            ]}
            data-testid="who-terminal"
            onChange={(event) => setTerminalId(event.currentTarget.value)}
          />
        )}
        <NativeSelect
          size="md"
          label={t('filter.what')}
          value={kind}
          data={[
            { value: '', label: t('filter.everything') },
            ...KINDS.map((value) => ({ value, label: common(`factKind.${value}`) })),
          ]}
          data-testid="who-kind"
          onChange={(event) => setKind(event.currentTarget.value as FactKind | '')}
        />
        <DayField label={t('filter.from')} value={from} testid="who-from" onChange={setFrom} />
        <DayField label={t('filter.to')} value={to} testid="who-to" onChange={setTo} />
      </div>
      <Checkbox
        label={t('whoDid.marked')}
        checked={isMarked}
        data-testid="who-marked"
        onChange={(event) => setIsMarked(event.currentTarget.checked)}
      />
      {recorders.error && <ErrorNotice error={recorders.error} onRetry={() => void recorders.refetch()} />}
      {pages.error && <ErrorNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      {error && <ErrorNotice error={error} />}
      {entries?.length === 0 && (
        <EmptyState>{t(pages.hasNextPage ? 'filter.noneYet' : 'filter.none')}</EmptyState>
      )}
      {entries && entries.length > 0 && (
        <ol className={classes.log} data-testid="who-rows">
          {entries.map((entry) => (
            <WhoRow key={entry.eventId} entry={entry} hasOtherTerminals={terminals.length > 1} />
          ))}
        </ol>
      )}
      <div className={classes.actions}>
        {pages.hasNextPage && (
          <Button
            size="md"
            variant="default"
            loading={pages.isFetchingNextPage}
            data-testid="who-more"
            onClick={() => void pages.fetchNextPage()}
          >
            {t('filter.more')}
          </Button>
        )}
        <Button
          size="md"
          variant="default"
          leftSection={<Download size={16} strokeWidth={1.75} />}
          data-testid="who-export"
          onClick={() => void attempt(async () => track(await backend.exportWhoDidWhat(filter)))}
        >
          {t('filter.export')}
        </Button>
      </div>
    </>
  );
}

function WhoRow({ entry, hasOtherTerminals }: { entry: WhoEntry; hasOtherTerminals: boolean }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation('common');
  const actorWords = useActorWords();
  const words = useWords();
  const areaName = useAreaName();
  const language = useLanguage();
  const { at, kind, by, approvedBy, customer, areaId, code, ground, points, penaltyPoints, marks } = entry;
  const signed = (value: number) => `${value > 0 ? '+' : ''}${formatNumber(value)}`;
  const more = [
    words.nameOf(customer),
    areaName(areaId),
    code && common(`penaltyCode.${code}`, { defaultValue: code }),
    ground && common(`ground.${ground}`, { defaultValue: ground }),
    points !== null && points !== 0 && common('points', { value: signed(points) }),
    penaltyPoints !== null &&
      penaltyPoints !== 0 &&
      common('penaltyPoints', { value: signed(penaltyPoints) }),
    approvedBy && t('whoDid.approvedBy', { name: actorWords(approvedBy) }),
    hasOtherTerminals && (entry.terminalName ?? common('otherTerminal')),
  ].filter(Boolean);
  return (
    <li data-testid="who-row" data-kind={kind}>
      <time>
        {formatDay(at, language)} {formatClockSeconds(at)}
      </time>
      <b className="one-line" title={actorWords(by)} data-named>
        {actorWords(by)}
      </b>
      <span>
        <span className={classes.logWhat}>
          <FactKindIcon kind={kind} />
          {common(`factKind.${kind}`)}
          {marks.map((mark) => (
            <Tag key={mark} tone="warn">
              {t(`whoDid.mark.${mark}`)}
            </Tag>
          ))}
        </span>
        <small>{more.join(' · ')}</small>
      </span>
    </li>
  );
}
