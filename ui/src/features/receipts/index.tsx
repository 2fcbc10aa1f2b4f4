import { Button, TextInput } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Printer, Search } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CustomerName, useBackend } from '../../backend';
import { keys, useCustomerSearch } from '../../shared/data/queries';
import { phoneEnding } from '../../shared/format';
import { isComposing } from '../../shared/inputMethod';
import { useNavigation } from '../../shared/navigation';
import { useSay } from '../../shared/notes';
import { CustomerNameText, EmptyState, ErrorNotice } from '../../shared/parts';
import { useHasPrinter, usePrinter } from '../../shared/printing/usePrinter';
import { WaitingSlips } from '../../shared/printing/WaitingSlips';
import { useMayAct } from '../../shared/roles';
import { useTakeScans } from '../../shared/scan';
import { useWords } from '../../shared/words';
import { EntryTable } from './EntryTable';
import classes from './Receipts.module.css';

const PAGE_SIZE = 100;
const HITS_SHOWN = 8;

/** Prints receipts and notices of a penalty (영수증): the newest ones, or those of a customer, page by page. */
export function ReceiptsScreen() {
  const { t } = useTranslation('printing');
  const { t: common } = useTranslation('common');
  const backend = useBackend();
  const { go } = useNavigation();
  const { nameOf } = useWords();
  const say = useSay();
  const [customer, setCustomer] = useState<CustomerName | null>(null);
  const hasPrinter = useHasPrinter();
  const customerId = customer?.customerId;
  useTakeScans({
    takeHolder: (card, holder) => {
      if (holder) setCustomer(holder.customer);
      else say(common('scan.unknown', { card }), 'warn');
    },
  });
  const pages = useInfiniteQuery({
    queryKey: [...keys.recent, 'slips', customerId ?? 'all'],
    queryFn: ({ pageParam: cursor }) => backend.slipEntries({ customerId, cursor, limit: PAGE_SIZE }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const { data, error, isFetching, refetch } = pages;
  const entries = useMemo(() => data?.pages.flatMap((page) => page.entries), [data]);
  const table = useRef<HTMLDivElement>(null);
  const more = useMore(table, entries?.length ?? 0);
  return (
    <div className={classes.screen} data-testid="receipts-screen" aria-busy={isFetching}>
      <div className={classes.sheet}>
        <header className={classes.head}>
          <h1 className={classes.title}>{t('receipts.title')}</h1>
          <p>{t('receipts.hint')}</p>
        </header>
        <NoPrinter />
        <WaitingSlips />
        <CustomerSearch onChoose={setCustomer} />
        <div className={classes.scope}>
          <h2>{customer ? t('receipts.of', { name: nameOf(customer) }) : t('receipts.newest')}</h2>
          {customer && (
            <Button
              size="xs"
              variant="default"
              data-testid="receipts-everybody"
              onClick={() => setCustomer(null)}
            >
              {t('receipts.everybody')}
            </Button>
          )}
        </div>
        {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {entries?.length === 0 && !pages.hasNextPage && (
          <EmptyState action={<Button onClick={() => go('desk')}>{t('receipts.toDesk')}</Button>}>
            {t('receipts.empty')}
          </EmptyState>
        )}
        {entries && entries.length > 0 && (
          <div ref={table}>
            <EntryTable entries={entries} canPrint={hasPrinter} />
          </div>
        )}
        {pages.hasNextPage && (
          <Button
            className={classes.more ?? ''}
            size="md"
            variant="default"
            loading={pages.isFetchingNextPage}
            data-testid="receipts-more"
            onClick={() => {
              more();
              void pages.fetchNextPage();
            }}
          >
            {t('receipts.more')}
          </Button>
        )}
      </div>
    </div>
  );
}

/**
 * Returns a function to call before another page is read: when it has come, the keys are at its first entry. Otherwise they
 * would be nowhere, because the button can't be pressed while it loads.
 */
function useMore(table: RefObject<HTMLElement | null>, count: number): () => void {
  const shown = useRef<number | null>(null);
  useEffect(() => {
    const before = shown.current;
    if (before === null || count <= before) return;
    shown.current = null;
    table.current?.querySelectorAll('tbody tr')[before]?.querySelector('button')?.focus();
  }, [table, count]);
  return () => {
    shown.current = count;
  };
}

/** Says that nothing can be printed here, and who changes that. */
function NoPrinter() {
  const { t } = useTranslation('printing');
  const { goToSection } = useNavigation();
  const isManager = useMayAct()('manager');
  const { data } = usePrinter();
  if (data?.setting.place.type !== 'none') return null;
  return (
    <div className={classes.noPrinter} role="status" data-testid="receipts-no-printer">
      <Printer size={16} strokeWidth={1.75} aria-hidden />
      <p>
        {t('receipts.noPrinter')} {!isManager && t('receipts.askManager')}
      </p>
      {isManager && (
        <Button size="xs" variant="default" onClick={() => goToSection('printer')}>
          {t('receipts.toSettings')}
        </Button>
      )}
    </div>
  );
}

function CustomerSearch({ onChoose }: { onChoose: (customer: CustomerName) => void }) {
  const { t } = useTranslation('printing');
  const [text, setText] = useState('');
  const isSearching = text.trim() !== '';
  const { data, error, refetch, isPlaceholderData } = useCustomerSearch(text, HITS_SHOWN);
  const choose = (chosen: CustomerName) => {
    setText('');
    onChoose(chosen);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'Escape') setText('');
    const first = data?.hits[0];
    // The hits of an earlier text are those of somebody else.
    if (event.key === 'Enter' && isSearching && first && !isPlaceholderData) choose(first.customer);
  };
  return (
    <div className={classes.search}>
      <TextInput
        label={t('receipts.search')}
        placeholder={t('receipts.searchHint')}
        leftSection={<Search size={16} strokeWidth={1.75} />}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        value={text}
        data-testid="receipts-search"
        data-search
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isSearching && data?.hits.length === 0 && <p role="status">{t('receipts.none')}</p>}
      {isSearching && data && data.hits.length > 0 && (
        <ul className={classes.hits}>
          {data.hits.map(({ customer, phone }) => (
            <li key={customer.customerId}>
              <button
                type="button"
                className={classes.hit}
                disabled={isPlaceholderData}
                data-testid="receipts-hit"
                onClick={() => choose(customer)}
              >
                <CustomerNameText customer={customer} />
                <span>{phoneEnding(phone)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
