import { useEffect, useRef, useState } from 'react';
import type { CustomerName, Outcome } from '../../backend';
import { useCustomerCard, useOccupancy, useRecentRecords } from '../../shared/data/queries';
import { useAction } from '../../shared/data/useAction';
import { isDialogOpen, useHotkeys } from '../../shared/hotkeys';
import { useNavigation } from '../../shared/navigation';
import { useSession } from '../../shared/session';
import { CustomerPane } from './customer/CustomerPane';
import { type ActionName, primaryOf, useDeskActions } from './customer/useDeskActions';
import classes from './desk.module.css';
import { type DeskDialog, DeskDialogs } from './dialogs/DeskDialogs';
import { InsidePane } from './inside/InsidePane';
import { SearchPane } from './search/SearchPane';
import { useHits } from './search/useHits';
import { useVerdictSound } from './sound';
import { lastUndoable } from './undo';
import { useNotices } from './useNotices';

/** After a record, an Enter that bounced must not run into the next one. */
const BOUNCE_MS = 500;
const RECENT = 30;

/** Find, judge, record: the whole of a day's work by keyboard and scanner. */
export function DeskScreen() {
  const { customerId, hold, go } = useNavigation();
  const { preferences, rules } = useSession();
  const search = useHits();
  const { data: card, error: cardError, refetch } = useCustomerCard(customerId);
  const { data: occupancy } = useOccupancy();
  const { data: recent } = useRecentRecords(undefined, RECENT);
  const { notice, tell, tellNothingToUndo } = useNotices();
  const direct = useAction();
  const undoing = useAction();
  const [dialog, setDialog] = useState<DeskDialog | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const recordedAt = useRef(0);
  useVerdictSound(card, preferences.sound);

  const { reset: forgetError } = direct;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another customer is the reason to forget.
  useEffect(() => forgetError(), [customerId, forgetError]);

  const ready = () => {
    input.current?.focus();
    input.current?.select();
  };
  const close = () => {
    setDialog(null);
    ready();
  };
  const recorded = (outcome: Outcome, customer: CustomerName | null) => {
    recordedAt.current = performance.now();
    undoing.reset();
    tell(outcome, customer);
    close();
  };

  async function checkOut() {
    if (!card?.inside) return;
    const outcome = await direct.run({ type: 'checkOut', visitId: card.inside.visitId });
    if (outcome) recorded(outcome, card.customer);
  }

  async function undo() {
    const own = notice?.undo
      ? { command: notice.undo, customer: notice.customer }
      : (() => {
          const last = lastUndoable(recent ?? [], Date.now(), rules.voidWindowMinutes);
          return last && { command: last.command, customer: last.record.customer };
        })();
    if (!own) return tellNothingToUndo();
    const outcome = await undoing.run(own.command);
    if (outcome) recorded(outcome, own.customer);
  }
  /** Between a text and whom it finds nothing is done: it would be done to the one before. */
  const onceChosen = (run: () => void) => () => {
    if (!search.isChoosing()) run();
  };
  const actions = useDeskActions(card, occupancy, {
    'check-in': onceChosen(() => setDialog({ kind: 'picker', walkIn: false })),
    'check-out': onceChosen(() => void checkOut()),
    pay: onceChosen(() => setDialog({ kind: 'pay' })),
    impose: onceChosen(() => setDialog({ kind: 'impose' })),
    deduct: onceChosen(() => setDialog({ kind: 'deduct' })),
    mypage: onceChosen(() => go('mypage')),
  });
  const act = (name: ActionName) => {
    const action = actions.find((one) => one.name === name);
    if (action?.enabled) action.run();
  };
  const primary = () => {
    if (!card || performance.now() - recordedAt.current < BOUNCE_MS) return;
    act(primaryOf(card));
  };
  const register = () => setDialog({ kind: 'register', text: search.hits.length === 0 ? search.text : '' });
  const walkIn = () => setDialog({ kind: 'picker', walkIn: true });
  const why = onceChosen(() => card && setDialog({ kind: 'why' }));
  const edit = onceChosen(() => setDialog({ kind: 'edit' }));

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
    'Ctrl Z': () => void undo(),
    Escape: () => {
      search.clear();
      ready();
    },
  });
  useTypingGoesToSearch(input);

  return (
    // The mouse must not take the cursor from the search field; what can be written in or copied may.
    // biome-ignore lint/a11y/noStaticElementInteractions: it keeps the focus where it is, nothing else.
    <div
      className={classes.desk}
      data-testid="desk-screen"
      onMouseDown={(event) => {
        const target = event.target as HTMLElement;
        if (!target.closest('input, textarea, label, [data-selectable]')) event.preventDefault();
      }}
    >
      <SearchPane search={search} input={input} onPrimary={primary} onRegister={register} onWalkIn={walkIn} />
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
        notice={notice}
        onUndo={() => void undo()}
        undoError={undoing.error}
        isUndoing={undoing.isPending}
        onEveryoneOut={(area) => setDialog({ kind: 'everyoneOut', area })}
        onCloseVisit={(occupant, area) => setDialog({ kind: 'closing', occupant, area })}
        onEvacuation={() => setDialog({ kind: 'evacuation' })}
      />
      <DeskDialogs
        dialog={dialog}
        card={card}
        onClose={close}
        onRecorded={recorded}
        onHold={(id) => {
          search.clear();
          hold(id);
        }}
      />
    </div>
  );
}

/** A letter typed anywhere on the desk is meant for the search. */
function useTypingGoesToSearch(input: React.RefObject<HTMLInputElement | null>): void {
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
