import type { Calls, Role } from '../types';
import { refuse, type World } from './world';

/** The role that a call needs: none, a role, or a manager's once the facility is set up and none before. */
type Needs = 'nobody' | Role | 'managerOnceSetUp';

const RANK: Record<Role, number> = { staff: 0, supervisor: 1, manager: 2 };

const CALLS: Record<keyof Calls, Needs> = {
  start: 'nobody',
  setUp: 'nobody',
  join: 'nobody',
  openDemonstration: 'nobody',
  leaveDemonstration: 'nobody',
  savePreferences: 'nobody',
  cancelJob: 'nobody',
  noteUnsaved: 'nobody',
  chooseClosing: 'nobody',
  showFolder: 'nobody',
  saveDiagnostics: 'nobody',
  record: 'staff',
  searchCustomers: 'staff',
  alikeCustomers: 'staff',
  customerCard: 'staff',
  occupancy: 'staff',
  recentEntries: 'staff',
  syncChip: 'staff',
  mypage: 'staff',
  chart: 'staff',
  mypageEngine: 'manager',
  tryMypageEngine: 'manager',
  saveMypageEngine: 'manager',
  exportHistories: 'supervisor',
  exportCustomers: 'manager',
  previewImport: 'manager',
  runImport: 'manager',
  reviseImport: 'manager',
  saveBadLines: 'manager',
  imports: 'manager',
  takeBackImport: 'manager',
  backUp: 'manager',
  backupSchedule: 'manager',
  saveBackupSchedule: 'manager',
  chooseBackupFolder: 'manager',
  saveBackupPassphrase: 'manager',
  restore: 'managerOnceSetUp',
  syncView: 'staff',
  quarantine: 'manager',
  retrySync: 'staff',
  connection: 'managerOnceSetUp',
  tryConnection: 'managerOnceSetUp',
  saveConnection: 'managerOnceSetUp',
  pickPem: 'nobody',
  pairing: 'manager',
  savePairing: 'manager',
  openPairing: 'nobody',
  readPairing: 'nobody',
  acceptPairing: 'manager',
  renewKey: 'manager',
  reclaim: 'manager',
  services: 'staff',
  stopContext: 'manager',
  startContext: 'manager',
  gateway: 'manager',
  saveGateway: 'manager',
  traces: 'staff',
  trace: 'staff',
  tracing: 'staff',
  saveTracing: 'manager',
};

/** Refuses a call that the staff member's role isn't allowed to make. */
export function permit(world: World, call: keyof Calls): void {
  const needs = CALLS[call];
  if (needs === 'nobody') return;
  if (world.isSetUp) expectRole(world, needs === 'managerOnceSetUp' ? 'manager' : needs);
  else if (needs !== 'managerOnceSetUp') throw refuse('not_set_up');
}

export function expectRole({ staff }: World, needed: Role): void {
  if (RANK[staff.role] < RANK[needed]) throw refuse('not_authorised', { needed });
}
