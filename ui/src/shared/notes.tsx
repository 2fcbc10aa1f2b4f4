import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import classes from './notes.module.css';

/** How long a note is shown. Nobody has to read it to go on working. */
const SHOWN_MS = 4_000;

export type Tone = 'plain' | 'warn';
export type Say = (text: string, tone?: Tone) => void;

interface Note {
  text: string;
  tone: Tone;
  /** Distinguishes the same text said twice. */
  number: number;
}

const NotesContext = createContext<Say | null>(null);

/**
 * Says for a moment what a key or a scan did, or why it did nothing; above dialogs, and without taking the cursor. The
 * live region is always there, because screen readers don't announce one that is mounted with its text.
 */
export function NotesProvider({ children }: { children: ReactNode }) {
  const [note, setNote] = useState<Note | null>(null);
  const count = useRef(0);
  const say = useCallback<Say>((text, tone = 'plain') => {
    count.current += 1;
    setNote({ text, tone, number: count.current });
  }, []);
  useEffect(() => {
    if (!note) return;
    const timer = setTimeout(() => setNote(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [note]);
  return (
    <NotesContext value={say}>
      {children}
      <div className={classes.place} role="status">
        {note && (
          <p key={note.number} className={classes.note} data-testid="note" data-tone={note.tone}>
            {note.text}
          </p>
        )}
      </div>
    </NotesContext>
  );
}

export function useSay(): Say {
  const say = useContext(NotesContext);
  if (!say) throw new Error('useSay outside of NotesProvider');
  return say;
}
