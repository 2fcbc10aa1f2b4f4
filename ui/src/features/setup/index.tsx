import type { Preferences, Start } from '../../backend';

interface Props {
  preferences: Preferences;
  version: string;
  /** Called with what the program has once the set-up, a restore or the demonstration is done. */
  onReady: (start: Start) => void;
  onPreferences: (preferences: Preferences) => void;
}

export function SetUpScreen(_props: Props) {
  return <div data-testid="setup-screen" />;
}
