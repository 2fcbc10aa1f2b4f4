import { Skeleton, UnstyledButton } from '@mantine/core';
import { ScanBarcode, Search, UserRoundPlus, UserRoundX, Users } from 'lucide-react';
import type { KeyboardEvent, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { useOccupancy } from '../../../shared/data/queries';
import { formatNumber } from '../../../shared/format';
import { isDialogOpen } from '../../../shared/hotkeys';
import { isComposing } from '../../../shared/inputMethod';
import { ActKbd } from '../../../shared/keys/ActKbd';
import { useNavigation } from '../../../shared/navigation';
import { Delayed, ErrorNotice, KeyHint, VirtualRows } from '../../../shared/parts';
import { VERDICT_ID } from '../customer/VerdictStatus';
import { HitRow } from './HitRow';
import { OfflineCard } from './OfflineCard';
import { RetiredCard } from './RetiredCard';
import classes from './search.module.css';
import type { Hits } from './useHits';

interface Props {
  search: Hits;
  input: RefObject<HTMLInputElement | null>;
  onPrimary: () => void;
  onRegister: () => void;
  onWalkIn: () => void;
  /** Opens who is inside, which a narrow window doesn't show. */
  onInside: () => void;
}

const ROW_HEIGHT = 60;
const LISTBOX = { id: 'desk-hits', idOf: (customerId: string) => `desk-hit-${customerId}` };

/** The search field for names, phone numbers and cards, with its results. */
export function SearchPane({ search, input, onPrimary, onRegister, onWalkIn, onInside }: Props) {
  const { t } = useTranslation('desk');
  const { customerId } = useNavigation();
  const { hits } = search;
  const { data: occupancy } = useOccupancy();
  const active = hits.findIndex((hit) => hit.customer.customerId === customerId);

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (isComposing(event) || isDialogOpen() || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'ArrowDown') search.move(1);
    else if (event.key === 'ArrowUp') search.move(-1);
    else if (event.key === 'Enter') {
      // Ignore repeats: an Enter held down to select a customer must not also trigger the action that records
      // something.
      if (event.repeat) return;
      if (search.handleEnter()) input.current?.select();
      else onPrimary();
    } else return;
    event.preventDefault();
  };

  return (
    <section
      className={classes.pane}
      aria-label={t('search.list')}
      data-testid="search-pane"
      data-settled={search.isSettled || undefined}
    >
      <div className={classes.field}>
        <Search size={20} strokeWidth={1.75} aria-hidden />
        <input
          ref={input}
          className={classes.input}
          data-testid="search"
          data-search
          type="text"
          autoFocus
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          maxLength={200}
          aria-label={t('search.label')}
          role="combobox"
          aria-expanded={hits.length > 0}
          aria-autocomplete="list"
          aria-controls={LISTBOX.id}
          aria-activedescendant={active >= 0 && customerId ? LISTBOX.idOf(customerId) : undefined}
          aria-describedby={VERDICT_ID}
          placeholder={t('search.placeholder')}
          value={search.text}
          onChange={(event) => search.setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <ScanBarcode size={20} strokeWidth={1.5} className={classes.scan} aria-hidden />
      </div>
      <div className={classes.meta}>
        <Count search={search} />
        <span className={classes.hints}>
          {hits.length > 1 && <KeyHint keys={['↑', '↓']}>{t('search.move')}</KeyHint>}
          {search.text !== '' && <KeyHint keys={['Esc']}>{t('search.clear')}</KeyHint>}
        </span>
      </div>
      {search.error && (
        <div className={classes.error}>
          <ErrorNotice error={search.error} onRetry={search.retry} />
        </div>
      )}
      {search.isLoading && (
        <Delayed>
          {[1, 2, 3, 4].map((row) => (
            <div key={row} className={classes.skeleton}>
              <Skeleton height={16} width="40%" />
              <Skeleton height={12} width="65%" mt={8} />
            </div>
          ))}
        </Delayed>
      )}
      <VirtualRows
        className={classes.list}
        label={t('search.list')}
        rows={hits}
        keyOf={(hit) => hit.customer.customerId}
        heightOf={() => ROW_HEIGHT}
        activeIndex={active}
        listbox={LISTBOX}
        onEnd={search.loadMore}
        render={(hit) => (
          <HitRow
            hit={hit}
            text={search.byCard ? '' : search.text}
            onChoose={() => search.choose(hit.customer.customerId)}
          />
        )}
      />
      {hits.length === 0 && search.isSettled && (
        <p className={classes.none} data-testid="no-hit">
          {t(noneOf(search))}
        </p>
      )}
      <div className={classes.more}>
        <UnstyledButton className={classes.moreRow} data-testid="register" onClick={onRegister}>
          <UserRoundPlus size={20} strokeWidth={1.75} aria-hidden />
          <span>{t('search.register')}</span>
          <ActKbd act="register" />
        </UnstyledButton>
        <UnstyledButton className={classes.moreRow} data-testid="walk-in" onClick={onWalkIn}>
          <UserRoundX size={20} strokeWidth={1.75} aria-hidden />
          <span>{t('search.walkIn')}</span>
          <ActKbd act="walkIn" />
        </UnstyledButton>
        <UnstyledButton
          className={`${classes.moreRow} ${classes.inside}`}
          data-testid="open-inside"
          onClick={onInside}
        >
          <Users size={20} strokeWidth={1.75} aria-hidden />
          <span>
            {t('inside.title')} {occupancy && t('inside.people', { value: formatNumber(occupancy.total) })}
          </span>
          <ActKbd act="inside" />
        </UnstyledButton>
      </div>
      <RetiredCard />
      <OfflineCard />
    </section>
  );
}

const noneOf = ({ text, isScan }: Hits) =>
  text === '' ? 'search.nobody' : isScan ? 'search.noneByCard' : 'search.none';

function Count({ search }: { search: Hits }) {
  const { t } = useTranslation('desk');
  const { hits, isSettled, byCard, isSimilar, hasMore, text } = search;
  if (!isSettled || hits.length === 0) return <span />;
  const value = formatNumber(hits.length);
  const words = isSimilar
    ? t('search.similar')
    : byCard
      ? t(hits.length > 1 ? 'search.byCardAndPhone' : 'search.byCard', {
          value: formatNumber(hits.length - 1),
        })
      : text === ''
        ? t('search.everyone')
        : t(hasMore ? 'search.foundMore' : 'search.found', { value });
  return (
    <span role="status" className={classes.count}>
      {words}
    </span>
  );
}
