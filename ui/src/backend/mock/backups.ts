import type { BackupProblem, BackupSchedule, BackupScheduleView, LastBackup, OutdatedBackup } from '../types';
import { whole } from './limits';
import type { Scenario } from './scenario';
import { refuse, type World } from './world';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SEOUL_MS = 9 * HOUR_MS;
const FOLDER = '/media/desk/백업 디스크/흡연구역 백업';

const PRIVATE = { notPrivate: false, notSynced: false };

export interface MockBackups {
  schedule: BackupSchedule;
  folder: string | null;
  last: LastBackup | null;
  problem: BackupProblem | null;
  outdated: OutdatedBackup[];
}

export function seedBackups({ backups }: Scenario): MockBackups {
  const schedule = { enabled: backups !== 'off', hour: 3, keep: 7 };
  if (backups === 'off') return { schedule, folder: null, last: null, problem: null, outdated: [] };
  const at = Date.now() - (backups === 'failing' ? 3 * DAY_MS : HOUR_MS);
  const problem =
    backups === 'failing'
      ? { since: at + DAY_MS, error: refuse('backup_target_missing', { path: FOLDER }) }
      : null;
  // A stick, on which others can read it.
  const remarks = backups === 'outdated' ? { notPrivate: true, notSynced: true } : PRIVATE;
  const last = { at, path: `${FOLDER}/nosmoke-20261120-030000`, ...remarks };
  return { schedule, folder: FOLDER, last, problem, outdated: backups === 'outdated' ? outdated(at) : [] };
}

/** One backup of each state. */
function outdated(at: number): OutdatedBackup[] {
  const states = ['day', 'medium', 'newerBackup', 'permission'] as const;
  return states.map((waitsFor, index) => ({
    path: `${FOLDER}/nosmoke-2026100${index + 1}-030000`,
    madeAt: at - (40 + index) * DAY_MS,
    removeAt: at + (waitsFor === 'day' ? 3 : -3) * DAY_MS,
    waitsFor,
  }));
}

/** Returns when the hour of the backups comes next. */
function next(hour: number, now: number): number {
  const midnight = Math.floor((now + SEOUL_MS) / DAY_MS) * DAY_MS - SEOUL_MS;
  const today = midnight + hour * HOUR_MS;
  return today > now ? today : today + DAY_MS;
}

export const backupScheduleView = ({ backups }: World): BackupScheduleView => ({
  ...backups,
  nextAt: backups.schedule.enabled ? next(backups.schedule.hour, Date.now()) : null,
});

export function saveBackupSchedule(world: World, schedule: BackupSchedule): BackupScheduleView {
  whole(schedule.hour, 'hour', 0, 23);
  whole(schedule.keep, 'keep', 1, 365);
  if (schedule.enabled && world.backups.folder === null) throw refuse('empty', { field: 'folder' });
  world.backups.schedule = schedule;
  if (!schedule.enabled) world.backups.problem = null;
  return backupScheduleView(world);
}

/** Chooses the folder, and makes the first backup at once. */
export function chooseBackupFolder(world: World): BackupScheduleView {
  const last = { at: Date.now(), path: `${FOLDER}/nosmoke-20261120-104703`, ...PRIVATE };
  const schedule = { ...world.backups.schedule, enabled: true };
  world.backups = { ...world.backups, schedule, folder: FOLDER, last, problem: null };
  world.lastBackup = last;
  return backupScheduleView(world);
}
