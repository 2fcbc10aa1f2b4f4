import type { CloseChoice, ShownFolder } from '../types';
import { refuse, type World } from './world';

/** What the window's program does for the desktop. */
export interface MockDesktop {
  /** Whether the screens have said that settings aren't saved. */
  isUnsaved: boolean;
  /** The answers to the question whether the window may close. */
  choices: CloseChoice[];
  /** The jobs that have written a file. */
  written: Set<string>;
  /** The folders that the file manager was asked to show. */
  shown: ShownFolder[];
}

export const newDesktop = (): MockDesktop => ({
  isUnsaved: false,
  choices: [],
  written: new Set(),
  shown: [],
});

/** Shows a folder that the program knows, as a path never comes from a screen. */
export function showFolder(world: World, shown: ShownFolder): void {
  const isUnknown = shown.folder === 'written' && !world.desktop.written.has(shown.jobId);
  if (isUnknown || (shown.folder === 'backup' && world.lastBackup === null)) throw refuse('expired');
  world.desktop.shown.push(shown);
}
