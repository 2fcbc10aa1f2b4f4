import type { Calls, PermissionRow, Role } from '../types';
import { ACTS, type Act } from './acts';
import { refuse, type World } from './world';

const RANK: Record<Role, number> = { staff: 0, supervisor: 1, manager: 2 };

const CALLS: Record<keyof Calls, Act> = {
  start: 'seeStart',
  confirmClock: 'confirmClock',
  setUp: 'setUp',
  join: 'setUp',
  openDemonstration: 'visitDemonstration',
  leaveDemonstration: 'visitDemonstration',
  savePreferences: 'savePreferences',
  cancelJob: 'cancelJob',
  noteUnsaved: 'closeProgram',
  chooseClosing: 'closeProgram',
  showFolder: 'showFolder',
  saveDiagnostics: 'saveDiagnostics',
  lockScreen: 'seeLockScreen',
  signIn: 'signIn',
  lock: 'lock',
  firstManager: 'addFirstManager',
  recover: 'recover',
  renewRecoveryCode: 'renewRecoveryCode',
  evacuationList: 'seeEvacuationList',
  staffMembers: 'seePeople',
  saveStaff: 'savePeople',
  retireStaff: 'savePeople',
  resetPin: 'savePeople',
  changeOwnPin: 'changeOwnPin',
  permissions: 'seePermissions',
  record: 'record',
  searchCustomers: 'seeCustomers',
  alikeCustomers: 'seeCustomers',
  customerCard: 'openCard',
  linkedCustomers: 'openCard',
  occupancy: 'seeDesk',
  recentEntries: 'seeDesk',
  review: 'seeReview',
  reviewCount: 'seeReview',
  overtakenEdits: 'seeReview',
  day: 'seeDay',
  closeDay: 'closeDay',
  exportDay: 'seeDay',
  period: 'seePeriod',
  exportPeriod: 'exportPeriod',
  plans: 'seePlans',
  planPicture: 'seePlans',
  placePenalties: 'seePlans',
  pickPlanPicture: 'savePlan',
  printer: 'seePrinter',
  savePrinter: 'changePrinter',
  printSlip: 'printSlip',
  retrySlip: 'printSlip',
  discardSlip: 'printSlip',
  slipView: 'printSlip',
  printPage: 'printSlip',
  slipEntries: 'seeDesk',
  syncChip: 'seeDesk',
  mypage: 'seeMypage',
  why: 'seeMypage',
  chart: 'seeMypage',
  corrections: 'seeCorrections',
  mypageEngine: 'seeMypageEngine',
  tryMypageEngine: 'changeMypageEngine',
  saveMypageEngine: 'changeMypageEngine',
  exportHistories: 'exportHistories',
  exportCustomers: 'exportCustomers',
  previewImport: 'importCustomers',
  runImport: 'importCustomers',
  reviseImport: 'importCustomers',
  saveBadLines: 'importCustomers',
  imports: 'importCustomers',
  takeBackImport: 'eraseCustomer',
  backUp: 'backUp',
  backupSchedule: 'backUp',
  saveBackupSchedule: 'backUp',
  chooseBackupFolder: 'backUp',
  saveBackupPassphrase: 'backUp',
  restore: 'restore',
  rulesEditor: 'editRules',
  saveRulesDraft: 'editRules',
  discardRulesDraft: 'editRules',
  ruleSets: 'editRules',
  previewRules: 'previewRules',
  rulesPreview: 'previewRules',
  syncView: 'seeSync',
  quarantine: 'seeQuarantined',
  retrySync: 'retryConnection',
  connection: 'seeConnection',
  tryConnection: 'changeConnection',
  saveConnection: 'changeConnection',
  pickPem: 'pickFile',
  pairing: 'seePairingCode',
  savePairing: 'savePairingCode',
  openPairing: 'readPairingCode',
  readPairing: 'readPairingCode',
  acceptPairing: 'acceptPairingCode',
  renewKey: 'renewKey',
  reclaim: 'reclaimTerminal',
  services: 'seeServices',
  stopContext: 'stopContext',
  startContext: 'startContext',
  gateway: 'seeGateway',
  saveGateway: 'changeGateway',
  updates: 'seeUpdates',
  saveUpdates: 'changeUpdates',
  tryUpdates: 'changeUpdates',
  installUpdate: 'installUpdate',
  traces: 'seeTraces',
  trace: 'seeTraces',
  tracing: 'seeTraces',
  saveTracing: 'changeTracing',
  tokens: 'seeTokens',
  makeToken: 'makeToken',
  rotateToken: 'rotateToken',
  revokeToken: 'revokeToken',
  accessLog: 'seeAccessLog',
  accessLogStatus: 'seeAccessLogStatus',
  exportAccessLog: 'exportAccessLog',
  confirmAccessLog: 'confirmAccessLog',
  notePrinted: 'notePrinted',
  whoDidWhat: 'seeWhoDidWhat',
  recorders: 'seeTokens',
  exportWhoDidWhat: 'exportWhoDidWhat',
  erasurePreview: 'previewErasure',
  unseenCustomers: 'seeUnseen',
  keeping: 'seeKeeping',
  saveKeeping: 'saveKeeping',
};

/** The lowest role that may do an act; null if nobody needs to be signed in. */
const roleFor = (act: Act): Role | null => {
  const needs = ACTS[act][0];
  if (needs === 'nobody') return null;
  if (needs === 'staffOnceSetUp') return 'staff';
  return needs === 'managerOnceSetUp' ? 'manager' : needs;
};

const isBeforeSetUp = (act: Act): boolean =>
  ['nobody', 'staffOnceSetUp', 'managerOnceSetUp'].includes(ACTS[act][0]);

/** Refuses a call that whoever is signed in isn't allowed to make, or that needs somebody to be signed in. */
export function permit(world: World, call: keyof Calls): void {
  const act = CALLS[call];
  const role = roleFor(act);
  if (role === null) return;
  if (world.isSetUp) expectRole(world, role);
  else if (!isBeforeSetUp(act)) throw refuse('not_set_up');
}

export function expectAct(world: World, act: Act): void {
  const role = roleFor(act);
  if (role !== null) expectRole(world, role);
}

/** The role with which a command is decided: that of whoever approves it, if it is higher. */
export const actingRole = ({ staff, approver }: World): Role =>
  approver && RANK[approver.role] > RANK[staff.role] ? approver.role : staff.role;

export function expectRole(world: World, needed: Role): void {
  if (!world.isSignedIn) throw refuse('not_signed_in');
  if (RANK[actingRole(world)] < RANK[needed]) throw refuse('not_authorised', { needed });
}

export const permissionRows = (): PermissionRow[] =>
  (Object.keys(ACTS) as Act[]).map((act) => ({
    act,
    role: roleFor(act),
    beforeSetUp: isBeforeSetUp(act),
    scopes: [...ACTS[act][1]],
  }));
