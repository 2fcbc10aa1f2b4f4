import { Button, Skeleton, TextInput } from '@mantine/core';
import { clamp } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Download, FileUp, Search, UserPlus } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../../shared/inputMethod';
import { ActKbd } from '../../shared/keys/ActKbd';
import { Delayed, EmptyState, ErrorNotice, Kbd, KeyHint } from '../../shared/parts';
import { withSimilar } from '../../shared/scan';
import classes from './CustomerList.module.css';
import { CustomerRow } from './CustomerRow';
import { useCustomerList } from './useCustomerList';

const ROW_HEIGHT = 44;

interface CustomerListProps {
  text: string;
  onText: (text: string) => void;
  chosenId: string | null;
  onChoose: (customerId: string) => void;
  onNew: () => void;
  onEdit: () => void;
  /** Null for somebody who may not import, or export. */
  onImport: (() => void) | null;
  isOpeningImport: boolean;
  onExport: (() => void) | null;
  searchRef: RefObject<HTMLInputElement | null>;
}

/** The search field and its results. Arrow keys select a customer while the focus stays in the search field. */
export function CustomerList(props: CustomerListProps) {
  const { text, onText, chosenId, onChoose, onNew, onEdit, onImport, isOpeningImport, onExport, searchRef } =
    props;
  const { t } = useTranslation('customers');
  const scroll = useRef<HTMLDivElement>(null);
  const list = useCustomerList(text);
  const pages = useMemo(() => list.data?.pages.map((page) => withSimilar(page, false)), [list.data]);
  const hits = useMemo(() => pages?.flatMap((page) => page.hits), [pages]);
  const { byCard = false, isSimilar = false } = pages?.[0] ?? {};
  const count = hits?.length ?? 0;
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    initialRect: { width: 784, height: 640 },
    getItemKey: (index) => hits?.[index]?.customer.customerId ?? index,
  });
  const shown = rows.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown >= count - 20) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, lastShown, count, fetchNextPage]);

  const cardHolder = byCard ? hits?.[0]?.customer.customerId : undefined;
  useEffect(() => {
    if (cardHolder) onChoose(cardHolder);
  }, [cardHolder, onChoose]);

  const at = hits?.findIndex(({ customer }) => customer.customerId === chosenId) ?? -1;
  const move = (to: number) => {
    const index = clamp(to, 0, count - 1);
    const hit = hits?.[index];
    if (!hit) return;
    onChoose(hit.customer.customerId);
    rows.scrollToIndex(index);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      PageDown: at + 10,
      PageUp: at - 10,
    };
    const to = moves[event.key];
    if (to !== undefined) move(to);
    else if (event.key === 'Escape' && text !== '') onText('');
    else if (event.key === 'Enter') {
      if (at >= 0) onEdit();
      else if (count > 0) move(0);
      else if (text !== '' && hits) onNew();
    } else return;
    event.preventDefault();
  };
  return (
    <section className={classes.pane}>
      <div className={classes.tools}>
        <TextInput
          ref={searchRef}
          autoFocus
          size="lg"
          className={classes.search}
          classNames={{ input: classes.searchInput ?? '' }}
          leftSection={<Search size={20} strokeWidth={1.75} />}
          aria-label={t('search.label')}
          placeholder={t('search.placeholder')}
          autoComplete="off"
          spellCheck={false}
          value={text}
          data-testid="customers-search"
          data-search
          onChange={(event) => onText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <Button
          size="md"
          variant="default"
          leftSection={<UserPlus size={16} strokeWidth={1.75} />}
          rightSection={<ActKbd act="register" />}
          data-testid="customer-new"
          onClick={onNew}
        >
          {t('actions.new')}
        </Button>
        {onImport && (
          <Button
            size="md"
            variant="default"
            loading={isOpeningImport}
            leftSection={<FileUp size={16} strokeWidth={1.75} />}
            title={t('import.columns')}
            data-testid="import-open"
            onClick={onImport}
          >
            {t('actions.import')}
          </Button>
        )}
        {onExport && (
          <Button
            size="md"
            variant="default"
            leftSection={<Download size={16} strokeWidth={1.75} />}
            data-testid="customers-export"
            onClick={onExport}
          >
            {t('actions.export')}
          </Button>
        )}
      </div>
      <div className={classes.hints}>
        <span>{t(isSimilar ? 'search.similar' : 'search.all')}</span>
        <span className={classes.keys}>
          <KeyHint keys={['↑', '↓']}>{t('search.move')}</KeyHint>
          <KeyHint keys={['Enter']}>{t('search.edit')}</KeyHint>
          <KeyHint keys={['Esc']}>{t('search.clear')}</KeyHint>
        </span>
      </div>
      <div role="table" aria-label={t('title')} className={classes.table}>
        {/* biome-ignore lint/a11y/useFocusableInteractive: headings, not interactive */}
        <div role="row" className={classes.header}>
          {(['name', 'phone', 'card', 'standing', 'lastVisit'] as const).map((column) => (
            // biome-ignore lint/a11y/useFocusableInteractive: a heading, not interactive
            <span key={column} role="columnheader">
              {t(`list.${column}`)}
            </span>
          ))}
        </div>
        <div ref={scroll} className={classes.scroll} data-testid="customers-list">
          {count === 0 && (
            // biome-ignore lint/a11y/useFocusableInteractive: a table without customers has rows too, not interactive
            <div role="row">
              <div role="cell">
                {list.error && !hits && (
                  <div className={classes.notice}>
                    <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />
                  </div>
                )}
                {!hits && !list.error && (
                  <Delayed>
                    {Array.from({ length: 12 }, (_, row) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders
                      <Skeleton key={row} height={16} mx={16} my={14} width="auto" />
                    ))}
                  </Delayed>
                )}
                {hits && (
                  <EmptyState
                    action={
                      <Button
                        rightSection={
                          text === '' ? <ActKbd act="register" on="accent" /> : <Kbd on="accent">Enter</Kbd>
                        }
                        onClick={onNew}
                      >
                        {t('search.registerThis')}
                      </Button>
                    }
                  >
                    {text === '' ? t('search.empty') : t('search.none', { text })}
                  </EmptyState>
                )}
              </div>
            </div>
          )}
          <div className={classes.body} style={{ height: rows.getTotalSize() }}>
            {shown.map((item) => {
              const hit = hits?.[item.index];
              return (
                hit && (
                  <CustomerRow
                    key={item.key}
                    hit={hit}
                    top={item.start}
                    isChosen={hit.customer.customerId === chosenId}
                    onChoose={onChoose}
                  />
                )
              );
            })}
          </div>
        </div>
      </div>
    </section>
  );
}
