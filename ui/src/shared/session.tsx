import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Area, Preferences, Session, Start } from '../backend';
import { nameWords } from './openWords';

export interface SessionState {
  session: Session;
  /** Saves this terminal's preferences and applies them. */
  savePreferences(preferences: Preferences): Promise<void>;
  /** Reloads the session, after a change to an area, the facility or the data folder. */
  restart(): Promise<void>;
  /** Locks the terminal at once; what is on the screen stays for the next person. */
  lock(): void;
  /** Switches to the state of the program that `leaveDemonstration` or a restore has returned. */
  adopt(start: Start): void;
}

const SessionContext = createContext<SessionState | null>(null);

export function SessionProvider({ value, children }: { value: SessionState; children: ReactNode }) {
  const { i18n } = useTranslation();
  const { codeNames, groundNames } = value.session.rules;
  // Before the children render, because they show these names.
  useMemo(() => nameWords(i18n, codeNames, groundNames), [i18n, codeNames, groundNames]);
  return <SessionContext value={value}>{children}</SessionContext>;
}

export function useSessionState(): SessionState {
  const state = useContext(SessionContext);
  if (!state) throw new Error('useSessionState outside of SessionProvider');
  return state;
}

export const useSession = (): Session => useSessionState().session;

/** Looks up an area's name by id, also of retired areas; undefined for an unknown id. */
export function useAreaName(): (areaId: string | null | undefined) => string | undefined {
  const { areas, retiredAreas } = useSession();
  const find = (among: Area[], areaId: string) => among.find((area) => area.areaId === areaId)?.name;
  return (areaId) => (areaId ? (find(areas, areaId) ?? find(retiredAreas, areaId)) : undefined);
}
