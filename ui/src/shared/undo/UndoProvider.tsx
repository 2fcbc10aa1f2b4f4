import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { type Command, type Outcome, useBackend } from '../../backend';
import { useSession } from '../session';
import { type Deed, type Step, undoOf } from './steps';

/** The steps forward, and the edits, that are remembered: no more than somebody would want back. */
const REMEMBERED_MAX = 50;

export interface UndoHistory {
  /** What was undone in this window and wasn't followed by anything else, the last first. */
  redos: readonly Step[];
  /** The edits of customers in this window that weren't undone, the last first. They are kept nowhere else. */
  edits: readonly Deed[];
  /** Remembers something that was recorded. Then what was undone before is no longer done again. */
  noteDeed(deed: Deed): void;
  /** Remembers that a step was taken. Returns the step that reverses it. */
  noteStep(step: Step, outcome: Outcome): Step | null;
}

const HistoryContext = createContext<UndoHistory | null>(null);

/** The customer whose details a command edits; null for other commands. */
const editedBy = (command: Command): string | null =>
  command.type === 'reviseCustomer' ? command.customerId : null;

/** Calls `forget` for a customer of these who was erased. */
function useErasures(edited: readonly Command[], forget: (customerId: string) => void): void {
  const backend = useBackend();
  useEffect(() => {
    const ids = new Set(edited.map(editedBy).filter((id) => id !== null));
    return backend.onChanged(({ customers }) => {
      for (const id of customers.length === 0 ? ids : customers.filter((one) => ids.has(one))) {
        void backend.customerCard(id).then(
          ({ erased }) => erased && forget(id),
          () => undefined,
        );
      }
    });
  }, [backend, edited, forget]);
}

/** What can be undone and done again in this window, whichever screen is shown. */
export function UndoProvider({ children }: { children: ReactNode }) {
  const [redos, setRedos] = useState<readonly Step[]>([]);
  const [edits, setEdits] = useState<readonly Deed[]>([]);
  const { staffId } = useSession().staff;
  // What one person has done in this window isn't for the next one to undo.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person is the reason to forget.
  useEffect(() => {
    setRedos([]);
    setEdits([]);
  }, [staffId]);
  const addEdit = useCallback((deed: Deed) => {
    if (deed.command.type !== 'reviseCustomer') return;
    setEdits((now) => [deed, ...now].slice(0, REMEMBERED_MAX));
  }, []);
  const noteDeed = useCallback(
    (deed: Deed) => {
      setRedos([]);
      addEdit(deed);
    },
    [addEdit],
  );
  const noteStep = useCallback(
    (step: Step, outcome: Outcome) => {
      const reversed = step.reverse(outcome);
      if (step.direction === 'redo') {
        setRedos((now) => now.filter((one) => one !== step));
        const { command, customer, about } = step;
        addEdit({
          command,
          outcome,
          customer,
          at: Date.now(),
          ...(about.edit && { before: about.edit.before }),
        });
        return reversed;
      }
      setEdits((now) => {
        const undone = now.find(({ command }) => editedBy(command) === editedBy(step.command));
        return now.filter((deed) => deed !== undone);
      });
      if (reversed) setRedos((now) => [reversed, ...now].slice(0, REMEMBERED_MAX));
      return reversed;
    },
    [addEdit],
  );
  const forget = useCallback((customerId: string) => {
    setEdits((now) => now.filter(({ command }) => editedBy(command) !== customerId));
    setRedos((now) => now.filter(({ command }) => editedBy(command) !== customerId));
  }, []);
  useErasures(
    useMemo(() => [...edits, ...redos].map(({ command }) => command), [edits, redos]),
    forget,
  );
  const history = useMemo(() => ({ redos, edits, noteDeed, noteStep }), [redos, edits, noteDeed, noteStep]);
  return <HistoryContext value={history}>{children}</HistoryContext>;
}

export function useUndoHistory(): UndoHistory {
  const history = useContext(HistoryContext);
  if (!history) throw new Error('useUndoHistory outside of UndoProvider');
  return history;
}

/** The step that undoes the last edit of this window; null if there is none. */
export function lastEditUndo({ edits }: UndoHistory): Step | null {
  for (const deed of edits) {
    const step = undoOf(deed);
    if (step) return step;
  }
  return null;
}
