import { Button, Skeleton } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { type CSSProperties, useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError, CorrectionKind, Moment, MypageEntry, MypageFilter } from '../../backend';
import { CloseVisitDialog } from '../../shared/closeVisit/CloseVisitDialog';
import { useContentSize } from '../../shared/contentSize';
import { useCustomerCard } from '../../shared/data/queries';
import { useHotkeys } from '../../shared/hotkeys';
import { useNavigation } from '../../shared/navigation';
import { Delayed, EmptyState, ErrorNotice } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { formatMoment, useNow } from '../../shared/time';
import { useWhy } from '../../shared/why/PointsReasons';
import { WhyDialog } from '../../shared/why/WhyDialog';
import { useWords } from '../../shared/words';
import { AdjustDialog } from './AdjustDialog';
import { CorrectDialog } from './CorrectDialog';
import { CustomerView } from './CustomerView';
import { HistoryChart } from './chart/HistoryChart';
import { EntryTable } from './EntryTable';
import classes from './Mypage.module.css';
import { MypageHeader } from './MypageHeader';
import { type ChosenRange, rangeOf, readRange } from './range';
import { Toolbar } from './Toolbar';
import { TravelBar } from './TravelBar';
import { useHistory, useHistoryChart } from './useHistory';

interface HistoryProps {
  customerId: string;
  onOther: () => void;
}

/** One customer's history: chart, filters and entries. */
export function History({ customerId, onOther }: HistoryProps) {
  const { t } = useTranslation('mypage');
  const language = useLanguage();
  const words = useWords();
  const { go } = useNavigation();
  const scroll = useRef<HTMLDivElement>(null);
  // In a high window, head and toolbar stay while the entries scroll, each below the one before.
  const head = useContentSize();
  const toolbar = useContentSize();
  const [filter, setFilter] = useState<MypageFilter>('all');
  const [chosen, setChosen] = useState<ChosenRange>('month6');
  const now = useNow();
  const [isTravelling, setIsTravelling] = useState(false);
  const [moment, setMoment] = useState<Moment | null>(null);
  const range = rangeOf(chosen, moment?.at ?? now);
  const [correcting, setCorrecting] = useState<{ entry: MypageEntry; kind: CorrectionKind } | null>(null);
  const [message, setMessage] = useState<string | null>(null);
  const [exportError, setExportError] = useState<AppError | null>(null);
  const [isFacing, setIsFacing] = useState(false);
  const [explaining, setExplaining] = useState<'verdict' | 'points' | null>(null);

  const card = useCustomerCard(customerId);
  const then = useWhy(customerId, moment ?? undefined, moment !== null);
  const shown = { customerId, filter, range: readRange(range, moment?.at ?? now), moment };
  const history = useHistory(shown);
  const chart = useHistoryChart(shown);
  const entries = useMemo(() => history.data?.pages.flatMap((page) => page.entries), [history.data]);
  const first = history.data?.pages[0];
  const { fetchNextPage } = history;
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const isEverything = !range.from && !range.to;
  const explain = () => setExplaining('verdict');
  const travel = () => setIsTravelling(true);
  const back = () => {
    setIsTravelling(false);
    setMoment(null);
  };
  useHotkeys(
    { why: explain, 'Ctrl T': travel, 'Ctrl B': () => setIsFacing(true) },
    { enabled: card.data !== undefined },
  );
  useHotkeys({ Escape: back }, { enabled: isTravelling });

  if (card.error) {
    return (
      <div className={classes.failed}>
        <ErrorNotice error={card.error} onRetry={() => void card.refetch()} />
        <Button variant="default" onClick={onOther}>
          {t('pick.change')}
        </Button>
      </div>
    );
  }
  if (!card.data) {
    return (
      <Delayed>
        <div className={classes.loading}>
          <Skeleton height={44} width={480} />
          <Skeleton height={280} />
        </div>
      </Delayed>
    );
  }
  const name = words.nameOf(card.data.customer);
  const { customer } = card.data;
  const verdict = (moment && then.data?.verdict) ?? card.data.verdict;
  const empty = (
    <EmptyState
      action={
        filter !== 'all' && (first?.counts.all ?? 0) > 0 ? (
          <Button variant="default" onClick={() => setFilter('all')}>
            {t('table.empty.toAll')}
          </Button>
        ) : isEverything ? (
          <Button variant="default" onClick={() => go('desk')}>
            {t('table.empty.toDesk')}
          </Button>
        ) : (
          <Button variant="default" onClick={() => setChosen('everything')}>
            {t('table.empty.toEverything')}
          </Button>
        )
      }
    >
      {filter !== 'all' && (first?.counts.all ?? 0) > 0
        ? t('table.empty.filter')
        : t(isEverything ? 'table.empty.never' : 'table.empty.range')}
    </EmptyState>
  );
  const refetchBoth = () => {
    void history.refetch();
    if (chart.error) void chart.refetch();
  };
  return (
    <div className={classes.page} data-testid="mypage-screen">
      <div
        ref={scroll}
        className={classes.scroll}
        style={{ '--head': `${head.height}px`, '--toolbar': `${toolbar.height}px` } as CSSProperties}
        data-testid="mypage-scroll"
        data-home
        tabIndex={-1}
      >
        <div ref={head.ref} className={classes.sticky}>
          <MypageHeader
            card={card.data}
            then={moment ? (then.data ?? null) : null}
            isPast={moment !== null}
            onWhy={setExplaining}
            onOther={onOther}
            onFacing={() => setIsFacing(true)}
          />
        </div>
        {chart.data ? (
          <HistoryChart chart={chart.data} levels={verdict} />
        ) : (
          // If the chart and the entries both failed, one notice (below) is enough: they come from the same database.
          !(chart.error && history.error) && (
            <div className={classes.chartSpace}>{chart.error && <ErrorNotice error={chart.error} />}</div>
          )
        )}
        <div ref={toolbar.ref} className={`${classes.sticky} ${classes.tools}`}>
          <Toolbar
            filter={filter}
            onFilter={setFilter}
            counts={first?.counts}
            range={range}
            chosen={chosen}
            onRange={setChosen}
            customer={{ customerId, name }}
            onExportError={setExportError}
            isTravelling={isTravelling}
            onTravel={travel}
          />
          {isTravelling && (
            <TravelBar
              moment={moment}
              knownSince={then.data?.knownSince ?? null}
              onGo={setMoment}
              onBack={back}
            />
          )}
        </div>
        <div className={classes.says}>
          {message && (
            <p className={classes.said} role="status" data-testid="mypage-said">
              <CircleCheck size={20} strokeWidth={1.75} aria-hidden />
              {message}
            </p>
          )}
          {exportError && exportError.code !== 'cancelled' && <ErrorNotice error={exportError} />}
          {moment && then.error && <ErrorNotice error={then.error} onRetry={() => void then.refetch()} />}
          {history.error && <ErrorNotice error={history.error} onRetry={refetchBoth} />}
        </div>
        {!(history.error && entries === undefined) && (
          <EntryTable
            name={name}
            entries={entries}
            total={first?.counts[filter] ?? 0}
            hasMore={history.hasNextPage}
            isLoadingMore={history.isFetchingNextPage}
            onMore={more}
            onCorrect={
              isTravelling
                ? null
                : (entry, kind) => {
                    setMessage(null);
                    setCorrecting({ entry, kind });
                  }
            }
            scrollRef={scroll}
            empty={empty}
            end={
              <>
                {t(isEverything ? 'table.end' : 'table.endRange')}
                {first && <> · {t('table.asOf', { time: formatMoment(first.asOf, language) })}</>}
              </>
            }
          />
        )}
      </div>
      {correcting && (
        <Correcting
          {...correcting}
          customerId={customerId}
          balance={card.data.points.balance}
          onClose={() => setCorrecting(null)}
          onDone={(done) => {
            setMessage(done);
            setCorrecting(null);
          }}
        />
      )}
      {isFacing && <CustomerView card={card.data} onClose={() => setIsFacing(false)} />}
      {explaining && (
        <WhyDialog
          customer={customer}
          verdict={verdict}
          first={explaining}
          {...(moment ? { moment } : {})}
          onClose={() => setExplaining(null)}
        />
      )}
    </div>
  );
}

interface CorrectingProps {
  entry: MypageEntry;
  kind: CorrectionKind;
  customerId: string;
  balance: number;
  onClose: () => void;
  onDone: (message: string) => void;
}

/** The dialog of a correction. */
function Correcting({ entry, kind, customerId, balance, onClose, onDone }: CorrectingProps) {
  const { t } = useTranslation('mypage');
  if (kind === 'closeVisit') {
    const since = entry.startedAt ?? entry.at;
    const done = () => onDone(t('void.doneClose'));
    return <CloseVisitDialog visitId={entry.id} since={since} onClose={onClose} onDone={done} />;
  }
  if (kind === 'adjustPoints') {
    const proposed = -(entry.points ?? 0);
    return <AdjustDialog customerId={customerId} proposed={proposed} onClose={onClose} onDone={onDone} />;
  }
  return <CorrectDialog entry={entry} kind={kind} balance={balance} onClose={onClose} onDone={onDone} />;
}
