import { Button, NativeSelect } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, Download, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AccessAct,
  type AccessFilter,
  type AccessLogStatus,
  type AccessOutcome,
  type AccessRowView,
  type Actor,
  useBackend,
} from '../../../backend';
import { ACCESS_STATUS_KEY } from '../../../shared/data/access';
import { useStaffMembers, useTokens } from '../../../shared/data/people';
import { useErrorWords } from '../../../shared/errors';
import { formatNumber } from '../../../shared/format';
import { useJobs } from '../../../shared/jobs';
import { EmptyState, ErrorNotice } from '../../../shared/parts';
import { useLanguage } from '../../../shared/preferences';
import { formatClockSeconds, formatDay, useNow } from '../../../shared/time';
import { useAttempt } from '../../../shared/useAttempt';
import { useWords } from '../../../shared/words';
import { SectionHead } from '../Section';
import classes from '../Settings.module.css';
import { actorOfKey, useActorChoices, useActorWords } from './actors';
import { DayField } from './DayField';
import { usePages } from './usePages';

const PAGE = 50;
const KEY = ['accessLog'] as const;
const ACTS: readonly AccessAct[] = [
  ...(['signIn', 'approve', 'recover', 'firstManager', 'staffChanged', 'pinChanged'] as const),
  ...(['cardOpened', 'mypageOpened', 'listShown', 'evacuationList', 'personRead'] as const),
  ...(['exported', 'printed', 'imported', 'importTakenBack', 'backedUp', 'restored'] as const),
  ...(['pairingShown', 'keyChanged', 'erased', 'entryRefused'] as const),
  ...(['tokenMade', 'tokenRotated', 'tokenRevoked'] as const),
  ...(['contextStopped', 'contextStarted', 'logSeen', 'logConfirmed', 'notLogged', 'refused'] as const),
];
const OUTCOMES: readonly AccessOutcome[] = ['done', 'refused', 'failed', 'cancelled'];

/** The access log: who did what with personal data at this terminal, and the monthly look at it. */
export function AccessLogSection() {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const client = useQueryClient();
  const { track } = useJobs();
  const staff = useStaffMembers();
  const tokens = useTokens();
  const choices = useActorChoices();
  // The log is this terminal's own, and so are the tokens in it.
  const actors: Actor[] = [
    ...(staff.data ?? []).map(({ staffId, name }) => ({ kind: 'staff' as const, staffId, name })),
    ...(tokens.data ?? []).map(({ tokenId, name }) => ({ kind: 'token' as const, tokenId, name })),
    { kind: 'program' },
    { kind: 'nobody' },
  ];
  const { isBusy, error, attempt } = useAttempt();
  const [by, setBy] = useState('');
  const [act, setAct] = useState<AccessAct | ''>('');
  const [outcome, setOutcome] = useState<AccessOutcome | ''>('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const actor = actorOfKey(by);
  const filter: AccessFilter = {
    ...(actor && { by: actor }),
    ...(act !== '' && { act }),
    ...(outcome !== '' && { outcome }),
    ...(from !== '' && { from }),
    ...(to !== '' && { to }),
  };
  const pages = usePages(
    [...KEY, filter],
    (cursor) => backend.accessLog({ filter, limit: PAGE, ...(cursor && { cursor }) }),
    ({ rows }) => rows.length === 0,
  );
  const rows = pages.data?.pages.flatMap((page) => page.rows);
  const status = pages.data?.pages[0]?.status;
  const confirm = () =>
    attempt(async () => {
      client.setQueryData(ACCESS_STATUS_KEY, await backend.confirmAccessLog());
      await client.invalidateQueries({ queryKey: KEY });
    });
  return (
    <>
      <SectionHead title={t('accessLog.title')}>{t('accessLog.hint')}</SectionHead>
      {status && <Status status={status} isBusy={isBusy} onConfirm={() => void confirm()} />}
      <div className={classes.filters}>
        <NativeSelect
          size="md"
          label={t('filter.who')}
          value={by}
          data={choices(actors)}
          data-testid="access-by"
          onChange={(event) => setBy(event.currentTarget.value)}
        />
        <NativeSelect
          size="md"
          label={t('filter.what')}
          value={act}
          data={[
            { value: '', label: t('filter.everything') },
            ...ACTS.map((value) => ({ value, label: t(`accessAct.${value}`) })),
          ]}
          data-testid="access-act"
          onChange={(event) => setAct(event.currentTarget.value as AccessAct | '')}
        />
        <NativeSelect
          size="md"
          label={t('filter.outcome')}
          value={outcome}
          data={[
            { value: '', label: t('filter.everything') },
            ...OUTCOMES.map((value) => ({ value, label: t(`accessOutcome.${value}`) })),
          ]}
          data-testid="access-outcome"
          onChange={(event) => setOutcome(event.currentTarget.value as AccessOutcome | '')}
        />
        <DayField label={t('filter.from')} value={from} testid="access-from" onChange={setFrom} />
        <DayField label={t('filter.to')} value={to} testid="access-to" onChange={setTo} />
      </div>
      {pages.error && <ErrorNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      {error && <ErrorNotice error={error} />}
      {rows?.length === 0 && <EmptyState>{t('filter.none')}</EmptyState>}
      {rows && rows.length > 0 && (
        <ol className={classes.log} data-testid="access-rows">
          {rows.map((row) => (
            <AccessRow key={row.number} row={row} />
          ))}
        </ol>
      )}
      <div className={classes.actions}>
        {pages.hasNextPage && (
          <Button
            size="md"
            variant="default"
            loading={pages.isFetchingNextPage}
            data-testid="access-more"
            onClick={() => void pages.fetchNextPage()}
          >
            {t('filter.more')}
          </Button>
        )}
        <Button
          size="md"
          variant="default"
          leftSection={<Download size={16} strokeWidth={1.75} />}
          data-testid="access-export"
          onClick={() => void attempt(async () => track(await backend.exportAccessLog(filter)))}
        >
          {t('filter.export')}
        </Button>
      </div>
    </>
  );
}

interface StatusProps {
  status: AccessLogStatus;
  isBusy: boolean;
  onConfirm: () => void;
}

function Status({ status, isBusy, onConfirm }: StatusProps) {
  const { t } = useTranslation('settings');
  const actorWords = useActorWords();
  const errorWords = useErrorWords();
  const words = useWords();
  const now = useNow();
  const { problem, changedAt, lastConfirmed, confirmationDue, keptYears } = status;
  return (
    <div className={classes.logStatus}>
      {problem && (
        <p className={classes.caution} data-testid="access-problem">
          <TriangleAlert size={16} strokeWidth={1.75} aria-hidden />
          <span>
            {t('accessLog.problem', {
              time: words.clockOrDay(problem.since, now),
              waiting: formatNumber(problem.waiting),
              lost: formatNumber(problem.lost),
            })}{' '}
            {errorWords(problem.error).title}
          </span>
        </p>
      )}
      {changedAt !== null && (
        <p className={classes.alarm} role="alert" data-testid="access-changed">
          <TriangleAlert size={16} strokeWidth={1.75} aria-hidden />
          <span>{t('accessLog.changed', { number: formatNumber(changedAt) })}</span>
        </p>
      )}
      <div className={classes.choice}>
        <span>
          {lastConfirmed === null
            ? t('accessLog.neverConfirmed')
            : t('accessLog.confirmed', {
                time: words.dayOrRecent(lastConfirmed.at, now),
                who: actorWords(lastConfirmed.by),
              })}
          <small>{t(confirmationDue ? 'accessLog.due' : 'accessLog.kept', { years: keptYears })}</small>
        </span>
        <Button
          size="md"
          variant={confirmationDue ? 'filled' : 'default'}
          loading={isBusy}
          leftSection={<CircleCheck size={16} strokeWidth={1.75} />}
          data-testid="access-confirm"
          onClick={onConfirm}
        >
          {t('accessLog.confirm')}
        </Button>
      </div>
    </div>
  );
}

function AccessRow({ row }: { row: AccessRowView }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation('common');
  const { t: errors } = useTranslation('errors');
  const actorWords = useActorWords();
  const words = useWords();
  const language = useLanguage();
  const { at, by, act, customer, outcome, code, reason, count } = row;
  const why = code === null ? '' : errors(`${code}.title` as 'wrong_pin.title', { defaultValue: code });
  const more = [
    customer && words.nameOf(customer),
    count > 1 && t('accessLog.count', { value: formatNumber(count) }),
    reason && common(`accessReason.${reason}`),
    outcome !== 'done' && `${t(`accessOutcome.${outcome}`)}${why === '' ? '' : `: ${why}`}`,
  ].filter(Boolean);
  return (
    <li data-testid="access-row" data-outcome={outcome}>
      <time>
        {formatDay(at, language)} {formatClockSeconds(at)}
      </time>
      <b className="one-line" title={actorWords(by)} data-named>
        {actorWords(by)}
      </b>
      <span>
        {t(`accessAct.${act}`)}
        {more.length > 0 && <small>{more.join(' · ')}</small>}
      </span>
    </li>
  );
}
