import { createContext, type ReactNode, useContext } from 'react';
import type { Area, Preferences, Session, Start } from '../backend';

export interface SessionState {
  session: Session;
  /** Stores this terminal's choices and shows them at once. */
  savePreferences(preferences: Preferences): Promise<void>;
  /** Asks the program again what it has: after an area, the facility or the data folder changed. */
  restart(): Promise<void>;
  /** Takes over what `leaveDemonstration` or a restore answered. */
  adopt(start: Start): void;
}

const SessionContext = createContext<SessionState | null>(null);

export function SessionProvider({ value, children }: { value: SessionState; children: ReactNode }) {
  return <SessionContext value={value}>{children}</SessionContext>;
}

export function useSessionState(): SessionState {
  const state = useContext(SessionContext);
  if (!state) throw new Error('useSessionState outside of SessionProvider');
  return state;
}

export const useSession = (): Session => useSessionState().session;

/** Areas by id, also those out of use. One that isn't known here is `undefined`. */
export function useAreaName(): (areaId: string | null | undefined) => string | undefined {
  const { areas, retiredAreas } = useSession();
  const find = (among: Area[], areaId: string) => among.find((area) => area.areaId === areaId)?.name;
  return (areaId) => (areaId ? (find(areas, areaId) ?? find(retiredAreas, areaId)) : undefined);
}
