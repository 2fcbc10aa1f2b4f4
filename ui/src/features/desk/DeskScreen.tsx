import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Command, type CustomerName, type Outcome, type RecentEntry, useBackend } from '../../backend';
import { useCustomerCard, useOccupancy, useRecentEntries } from '../../shared/data/queries';
import { useAction } from '../../shared/data/useAction';
import { isDialogOpen, useHotkeys } from '../../shared/hotkeys';
import { InsidePane } from '../../shared/inside/InsidePane';
import { useNavigation } from '../../shared/navigation';
import { useSay } from '../../shared/notes';
import { NoticeCard } from '../../shared/notices/NoticeCard';
import { useNotices } from '../../shared/notices/useNotices';
import { ErrorNotice } from '../../shared/parts';
import { useTakeScans } from '../../shared/scan';
import { useSession } from '../../shared/session';
import {
  customerAfter,
  type Deed,
  lastEditUndo,
  lastUndoable,
  type Step,
  undoOf,
  useUndo,
  useUndoHistory,
} from '../../shared/undo';
import { CustomerPane } from './customer/CustomerPane';
import { ENTRIES_SHOWN } from './customer/RecentEntries';
import { type ActionName, primaryOf, useDeskActions } from './customer/useDeskActions';
import classes from './desk.module.css';
import { type DeskDialog, DeskDialogs } from './dialogs/DeskDialogs';
import { SearchPane } from './search/SearchPane';
import { useHits } from './search/useHits';
import { useVerdictSound } from './sound';
import { useActionKeys } from './useActionKeys';

/**
 * After something was recorded, Enter is ignored for this time, so that a bouncing key doesn't trigger the next action.
 */
const ENTER_DEBOUNCE_MS = 500;
/** How many entries are searched for one that can be undone. */
const ENTRIES_SEARCHED = 200;

/** The actions that have a key. */
type DeskKey = ActionName | 'why' | 'edit';

/** The desk: finds customers, shows if they may smoke, and records visits, payments and penalties, all by keyboard. */
export function DeskScreen() {
  const { t } = useTranslation('desk');
  const { customerId, selectCustomer, go, deskAct, takeDeskAct } = useNavigation();
  const say = useSay();
  const { preferences } = useSession();
  const backend = useBackend();
  const history = useUndoHistory();
  const search = useHits();
  const { data: card, error: cardError, refetch, dataUpdatedAt } = useCustomerCard(customerId);
  const { data: occupancy } = useOccupancy();
  const { data: recent } = useRecentEntries(undefined, ENTRIES_SHOWN);
  const notices = useNotices();
  const direct = useAction();
  const [dialog, setDialog] = useState<DeskDialog | null>(null);
  const [isInsideOpen, setIsInsideOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const recordedAt = useRef(0);
  /** The card as it was when something was recorded: until it is loaded again, it doesn't know of that. */
  const outdated = useRef<{ customerId: string | null; loadedAt: number } | null>(null);
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
  const shown = (outcome: Outcome, customer: CustomerName | null, step: Step | null) => {
    recordedAt.current = performance.now();
    outdated.current = { customerId, loadedAt: dataUpdatedAt };
    undoing.reset();
    search.markUsed();
    notices.show(outcome, customer, step);
    // A dialog may have been opened meanwhile, for the next customer.
    if (!isDialogOpen()) focusSearch();
  };
  const recorded = (done: Omit<Deed, 'at'>) => {
    const deed = { ...done, at: Date.now() };
    history.noteDeed(deed);
    shown(deed.outcome, deed.customer, undoOf(deed));
  };
  const recordedInDialog = (deed: Omit<Deed, 'at'>) => {
    recorded(deed);
    close();
  };
  /** The last entry of this terminal, or the last edit in this window, whichever was later. */
  const lastOf = (entries: RecentEntry[]) => {
    const entry = lastUndoable(entries);
    const edit = lastEditUndo(history);
    return edit && (!entry || edit.about.at > entry.about.at) ? edit : entry;
  };
  // At once from what is loaded, so that no key comes between; further back only if all of that was undone.
  const findLast = () => {
    const entries = recent ?? [];
    const last = lastOf(entries);
    if (last || entries.length < ENTRIES_SHOWN) return last;
    return backend.recentEntries({ limit: ENTRIES_SEARCHED }).then(lastOf, () => null);
  };
  const undoing = useUndo({
    shown: notices.notice?.step ?? null,
    findLast,
    onDone: (outcome, step, reversed) => shown(outcome, customerAfter(step.command, step.customer), reversed),
    onAsk: (step) => setDialog({ kind: 'step', step }),
    onNothing: notices.showNothing,
  });

  async function checkOut(visitId: string, customer: CustomerName) {
    const command: Command = { type: 'checkOut', visitId };
    const outcome = await direct.run(command);
    if (outcome) recorded({ command, outcome, customer });
  }

  const actions = useDeskActions(card, occupancy);
  const act = (name: DeskKey): boolean | 'done' => {
    // Mypage loads the customer itself, so it doesn't wait for the card.
    const isThere = name === 'mypage' ? customerId !== null : card !== undefined;
    if (!isThere) {
      say(t('keys.nobody'), 'warn');
      return false;
    }
    if (name === 'mypage') {
      go('mypage');
      return 'done';
    }
    if (!card) return false;
    const action = actions.find((one) => one.name === name);
    if (action && !action.enabled) {
      say(t('keys.cannot', { action: action.label, why: action.detail }), 'warn');
      return false;
    }
    const open = (next: DeskDialog) => {
      setDialog(next);
      return true;
    };
    switch (name) {
      case 'check-in':
        return open({ kind: 'picker', walkIn: false });
      case 'check-out':
        if (!card.inside) return false;
        if (card.inside.forgotten) return open({ kind: 'forgottenOut' });
        void checkOut(card.inside.visitId, card.customer);
        return 'done';
      default:
        return open({ kind: name });
    }
  };
  const isCardThere = customerId === null || card?.customer.customerId === customerId || cardError !== null;
  const isOutdated = () =>
    customerId !== null &&
    outdated.current?.customerId === customerId &&
    outdated.current.loadedAt === dataUpdatedAt &&
    cardError === null;
  const isCardPending = () => !isCardThere || isOutdated();
  const keys = useActionKeys<DeskKey>({
    isPending: (name) => search.isPending() || (name !== 'mypage' && isCardPending()),
    act,
    onLate: () => say(t('keys.late'), 'warn'),
  });
  const press = (name: DeskKey) => () => keys.press(name);

  const primary = () => {
    if (!card || performance.now() - recordedAt.current < ENTER_DEBOUNCE_MS) return;
    keys.press(primaryOf(card));
  };
  const register = () =>
    setDialog({
      kind: 'register',
      text: search.hits.length === 0 || search.isScan ? search.text : '',
      isScan: search.isScan,
    });
  const toggleInside = () => setIsInsideOpen((isOpen) => !isOpen);
  const walkIn = () => setDialog({ kind: 'picker', walkIn: true });

  useEffect(() => {
    if (deskAct === null) return;
    takeDeskAct();
    if (deskAct === 'register') register();
    else if (deskAct === 'walk-in') walkIn();
    else keys.press(deskAct);
  });
  useTakeScans({
    take: (scanned) => {
      keys.drop();
      setDialog(null);
      search.take(scanned);
      focusSearch();
    },
  });
  useHotkeys({
    checkIn: press('check-in'),
    checkOut: press('check-out'),
    pay: press('pay'),
    impose: press('impose'),
    deduct: press('deduct'),
    mypage: press('mypage'),
    why: press('why'),
    register,
    walkIn,
    inside: toggleInside,
    undo: ({ repeat, shiftKey }) => {
      // Somebody who has just typed means their typing.
      if (search.isTyped()) return false;
      // A key held down undoes once.
      if (!repeat) void (shiftKey ? undoing.redo() : undoing.undo());
    },
    redo: ({ repeat }) => {
      if (search.isTyped()) return false;
      if (!repeat) void undoing.redo();
    },
    Escape: () => {
      setIsInsideOpen(false);
      keys.drop();
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
        isPending={isCardPending()}
        onRetry={() => void refetch()}
        actions={actions}
        onAct={keys.press}
        actionError={direct.error}
        onWhy={press('why')}
        onEdit={press('edit')}
      />
      <InsidePane
        isOpen={isInsideOpen}
        onClose={() => setIsInsideOpen(false)}
        onEveryoneOut={(area) => setDialog({ kind: 'everyoneOut', area })}
        onCloseVisit={(occupant, area) => setDialog({ kind: 'closing', occupant, area })}
        onEvacuation={() => setDialog({ kind: 'evacuation' })}
      />
      <div className={classes.foot} role="status">
        {undoing.error && <ErrorNotice error={undoing.error} />}
        {notices.notice && (
          <NoticeCard notice={notices.notice} onStep={undoing.takeShown} isBusy={undoing.isPending} />
        )}
      </div>
      <DeskDialogs
        dialog={dialog}
        card={card}
        onClose={close}
        onRecorded={recordedInDialog}
        onStep={(outcome, step) => {
          undoing.taken(outcome, step);
          close();
        }}
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
