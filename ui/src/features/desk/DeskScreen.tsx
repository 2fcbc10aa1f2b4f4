import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command, CustomerName, Outcome } from '../../backend';
import { useCustomerCard, useOccupancy } from '../../shared/data/queries';
import { useAction } from '../../shared/data/useAction';
import { isDialogOpen, useHotkeys } from '../../shared/hotkeys';
import { useNavigation } from '../../shared/navigation';
import { useSay } from '../../shared/notes';
import { ErrorNotice } from '../../shared/parts';
import { useTakeScans } from '../../shared/scan';
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
import { useActionKeys } from './useActionKeys';
import { useNotices } from './useNotices';
import { useUndo } from './useUndo';

/**
 * After something was recorded, Enter is ignored for this time, so that a bouncing key doesn't trigger the next action.
 */
const ENTER_DEBOUNCE_MS = 500;

/** The actions that have a key. */
type DeskKey = ActionName | 'why' | 'edit';

/** The desk: finds customers, shows if they may smoke, and records visits, payments and penalties, all by keyboard. */
export function DeskScreen() {
  const { t } = useTranslation('desk');
  const { customerId, selectCustomer, go } = useNavigation();
  const say = useSay();
  const { preferences } = useSession();
  const search = useHits();
  const { data: card, error: cardError, refetch, dataUpdatedAt } = useCustomerCard(customerId);
  const { data: occupancy } = useOccupancy();
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
  const recorded = (outcome: Outcome, customer: CustomerName | null, undo?: Command) => {
    recordedAt.current = performance.now();
    outdated.current = { customerId, loadedAt: dataUpdatedAt };
    undoing.reset();
    search.markUsed();
    notices.show(outcome, customer, undo);
    // A dialog may have been opened meanwhile, for the next customer.
    if (!isDialogOpen()) focusSearch();
  };
  const recordedInDialog = (...all: Parameters<typeof recorded>) => {
    recorded(...all);
    close();
  };
  const undoing = useUndo(notices, recorded, (undo) => setDialog({ kind: 'undo', undo }));

  async function checkOut(visitId: string, customer: CustomerName) {
    const outcome = await direct.run({ type: 'checkOut', visitId });
    if (outcome) recorded(outcome, customer);
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
  const keys = useActionKeys<DeskKey>({
    isPending: (name) => search.isPending() || (name !== 'mypage' && (!isCardThere || isOutdated())),
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

  useTakeScans({
    take: (scanned) => {
      keys.drop();
      setDialog(null);
      search.take(scanned);
      focusSearch();
    },
  });
  useHotkeys({
    F2: press('check-in'),
    F3: press('check-out'),
    F4: press('pay'),
    F6: press('impose'),
    F7: press('deduct'),
    F8: press('mypage'),
    F9: press('why'),
    'Ctrl N': register,
    'Ctrl Enter': walkIn,
    'Ctrl I': toggleInside,
    'Ctrl Z': ({ repeat }) => {
      // Somebody who has just typed means their typing.
      if (search.isTyped()) return false;
      // A key held down undoes once.
      if (!repeat) void undoing.undo();
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
        onRecorded={recordedInDialog}
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
