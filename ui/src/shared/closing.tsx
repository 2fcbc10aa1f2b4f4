import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { type CloseChoice, type Closing, useBackend } from '../backend';
import { hasUnsaved, onUnsaved } from './unsaved';

interface ClosingState {
  /** What would be lost, while the user is asked; null if the user isn't asked. */
  asked: Closing | null;
  /** Whether the window closes when the running job has ended. */
  isWaiting: boolean;
  choose(choice: CloseChoice): void;
}

const ClosingContext = createContext<ClosingState | null>(null);

/** Follows the program's question whether the window may close, and tells the program what isn't saved. */
export function ClosingProvider({ children }: { children: ReactNode }) {
  const backend = useBackend();
  const [asked, setAsked] = useState<Closing | null>(null);
  const [isWaiting, setIsWaiting] = useState(false);
  useEffect(() => {
    const note = () => void backend.noteUnsaved(hasUnsaved()).catch(() => {});
    if (hasUnsaved()) note();
    return onUnsaved(note);
  }, [backend]);
  const choose = useCallback(
    (choice: CloseChoice) => {
      setAsked(null);
      setIsWaiting(choice === 'whenDone');
      void backend.chooseClosing(choice).catch(() => {});
    },
    [backend],
  );
  useEffect(
    () =>
      backend.onClosing(({ job, unsaved, slips }) => {
        // What was typed a moment ago, the program may not know yet.
        const isUnsaved = unsaved || hasUnsaved();
        if (job || isUnsaved || slips > 0) setAsked({ job, unsaved: isUnsaved, slips });
        else choose('now');
      }),
    [backend, choose],
  );
  const isAboutJobAlone = asked !== null && asked.job !== null && !asked.unsaved && asked.slips === 0;
  useEffect(
    () =>
      backend.onJob((job) => {
        if (job.state === 'running') return;
        setIsWaiting(false);
        // A dialog about a job that has ended meanwhile has nothing more to ask; the dock says how it ended.
        if (isAboutJobAlone) choose('stay');
        else setAsked((now) => now && { ...now, job: null });
      }),
    [backend, choose, isAboutJobAlone],
  );
  const isAboutSlips = asked !== null && asked.slips > 0;
  const isAboutSlipsAlone = isAboutSlips && asked.job === null && !asked.unsaved;
  useEffect(() => {
    if (!isAboutSlips) return;
    let isOver = false;
    const unlisten = backend.onPrinter(async () => {
      const slips = (await backend.printer().catch(() => null))?.waiting.length;
      if (slips === undefined || isOver) return;
      // They came out meanwhile. The user decides again whether to close.
      if (slips === 0 && isAboutSlipsAlone) choose('stay');
      else setAsked((now) => now && { ...now, slips });
    });
    return () => {
      isOver = true;
      unlisten();
    };
  }, [backend, choose, isAboutSlips, isAboutSlipsAlone]);
  const value = useMemo(() => ({ asked, isWaiting, choose }), [asked, isWaiting, choose]);
  return <ClosingContext value={value}>{children}</ClosingContext>;
}

export function useClosing(): ClosingState {
  const closing = useContext(ClosingContext);
  if (!closing) throw new Error('useClosing outside of ClosingProvider');
  return closing;
}
