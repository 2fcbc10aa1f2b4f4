import { useEffect, useRef, useState } from 'react';
import type { CustomerName, Outcome } from '../../backend';
import { useCustomerCard, useOccupancy } from '../../shared/data/queries';
import { useAction } from '../../shared/data/useAction';
import { isDialogOpen, useHotkeys } from '../../shared/hotkeys';
import { useNavigation } from '../../shared/navigation';
import { ErrorNotice } from '../../shared/parts';
import { useSession } from '../../shared/session';
import { CustomerPane } from './customer/CustomerPane';
import { type ActionName, primaryOf, useDeskActions } from './customer/useDeskActions';
import classes from './desk.module.css';
import { type DeskDialog, DeskDialogs } from './dialogs/DeskDialogs';
import { InsidePane } from './inside/InsidePane';
import { NoticeCard } from './inside/NoticeCard';
import { SearchPane } from './search/SearchPane';
import { useHits } from './search/useHits';
import { useVerdictSound } from './sound';
import { useNotices } from './useNotices';
import { useUndo } from './useUndo';

/**
 * After something was recorded, Enter is ignored for this time, so that a bouncing key doesn't trigger the next action.
 */
const ENTER_DEBOUNCE_MS = 500;

/** The desk: finds customers, shows if they may smoke, and records visits, payments and penalties, all by keyboard. */
export function DeskScreen() {
  const { customerId, selectCustomer, go } = useNavigation();
  const { preferences } = useSession();
  const search = useHits();
  const { data: card, error: cardError, refetch } = useCustomerCard(customerId);
  const { data: occupancy } = useOccupancy();
  const notices = useNotices();
  const direct = useAction();
  const [dialog, setDialog] = useState<DeskDialog | null>(null);
  const [isInsideOpen, setIsInsideOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const recordedAt = useRef(0);
  useVerdictSound(card, preferences.sound);

  const { reset: forgetError } = direct;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of customer clears the error.
  useEffect(() => forgetError(), [customerId, forgetError]);

  const focusSearch = () => {
    input.current?.focus();
    input.current?.select();
  };
  const close = () => {
    setDialog(null);
    focusSearch();
  };
  const recorded = (outcome: Outcome, customer: CustomerName | null) => {
    recordedAt.current = performance.now();
    undoing.reset();
    notices.show(outcome, customer);
    close();
  };
  const undoing = useUndo(notices, recorded);

  async function checkOut() {
    if (!card?.inside) return;
    const outcome = await direct.run({ type: 'checkOut', visitId: card.inside.visitId });
    if (outcome) recorded(outcome, card.customer);
  }

  /** Ignores an action while a search is pending: it would apply to the previous customer. */
  const unlessSearching = (run: () => void) => () => {
    if (!search.isPending()) run();
  };
  const actions = useDeskActions(card, occupancy, {
    'check-in': unlessSearching(() => setDialog({ kind: 'picker', walkIn: false })),
    'check-out': unlessSearching(() => void checkOut()),
    pay: unlessSearching(() => setDialog({ kind: 'pay' })),
    impose: unlessSearching(() => setDialog({ kind: 'impose' })),
    deduct: unlessSearching(() => setDialog({ kind: 'deduct' })),
    mypage: unlessSearching(() => go('mypage')),
  });
  const act = (name: ActionName) => {
    const action = actions.find((one) => one.name === name);
    if (action?.enabled) action.run();
  };
  const primary = () => {
    if (!card || performance.now() - recordedAt.current < ENTER_DEBOUNCE_MS) return;
    act(primaryOf(card));
  };
  const register = () => setDialog({ kind: 'register', text: search.hits.length === 0 ? search.text : '' });
  const toggleInside = () => setIsInsideOpen((isOpen) => !isOpen);
  const walkIn = () => setDialog({ kind: 'picker', walkIn: true });
  const why = unlessSearching(() => card && setDialog({ kind: 'why' }));
  const edit = unlessSearching(() => setDialog({ kind: 'edit' }));

  useHotkeys({
    F2: () => act('check-in'),
    F3: () => act('check-out'),
    F4: () => act('pay'),
    F6: () => act('impose'),
    F7: () => act('deduct'),
    F8: () => act('mypage'),
    F9: why,
    'Ctrl N': register,
    'Ctrl Enter': walkIn,
    'Ctrl I': toggleInside,
    // A key held down undoes once.
    'Ctrl Z': ({ repeat }) => {
      if (!repeat) void undoing.undo();
    },
    Escape: () => {
      setIsInsideOpen(false);
      search.clear();
      focusSearch();
    },
  });
  useTypingFocusesSearch(input);

  return (
    // A click leaves the focus in the search field, unless it is into an input or selectable text.
    // biome-ignore lint/a11y/noStaticElementInteractions: the handler only preserves the focus.
    <div
      className={classes.desk}
      data-testid="desk-screen"
      onMouseDown={(event) => {
        const target = event.target as HTMLElement;
        if (!target.closest('input, textarea, label, [data-selectable]')) event.preventDefault();
      }}
    >
      <SearchPane
        search={search}
        input={input}
        onPrimary={primary}
        onRegister={register}
        onWalkIn={walkIn}
        onInside={toggleInside}
      />
      <CustomerPane
        customerId={customerId}
        card={card}
        cardError={cardError}
        onRetry={() => void refetch()}
        actions={actions}
        actionError={direct.error}
        onWhy={why}
        onEdit={edit}
      />
      <InsidePane
        isOpen={isInsideOpen}
        onClose={() => setIsInsideOpen(false)}
        onEveryoneOut={(area) => setDialog({ kind: 'everyoneOut', area })}
        onCloseVisit={(occupant, area) => setDialog({ kind: 'closing', occupant, area })}
        onEvacuation={() => setDialog({ kind: 'evacuation' })}
      />
      <div className={classes.foot}>
        {undoing.error && <ErrorNotice error={undoing.error} />}
        {notices.notice && (
          <NoticeCard
            notice={notices.notice}
            onUndo={() => void undoing.undo()}
            isUndoing={undoing.isPending}
          />
        )}
      </div>
      <DeskDialogs
        dialog={dialog}
        card={card}
        onClose={close}
        onRecorded={recorded}
        onSelect={(id) => {
          search.clear();
          selectCustomer(id);
        }}
      />
    </div>
  );
}

/** Moves the focus to the search field when a letter is typed anywhere on the desk. */
function useTypingFocusesSearch(input: React.RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKeyDown = ({ key, ctrlKey, altKey, metaKey, target }: KeyboardEvent) => {
      if (ctrlKey || altKey || metaKey || isDialogOpen()) return;
      const isLetter = key.length === 1 && key !== ' ';
      const isWriting = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
      if (isLetter && !isWriting) input.current?.focus();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [input]);
}
