// Calls that the program is about to have; removed when the generated bindings have them.
import type { Calls as GeneratedCalls } from './bindings/calls';
import type {
  AccessFilter,
  AccessLogInput,
  AccessLogPage,
  AccessLogStatus,
  ChangePinInput,
  CustomerCard,
  CustomerId,
  ErasureInput,
  ErasurePreview,
  EvacuationList,
  ExportCustomersInput,
  ExportInput,
  FirstManagerInput,
  Founded,
  Job,
  JoinInput,
  Keeping,
  LockScreen,
  MadeToken,
  MakeToken,
  NextRecoveryCode,
  Outcome,
  PermissionRow,
  Preferences,
  Printed,
  RecordInput,
  RecoverInput,
  ResetPinInput,
  SaveStaffInput,
  Session,
  SetUpInput,
  SignInInput,
  StaffId,
  StaffMember,
  Start,
  TokenId,
  TokenView,
  UnseenInput,
  UnseenPage,
  WhoFilter,
  WhoInput,
  WhoPage,
} from './bindings/contract';

type Replaced = {
  start: [null, Start];
  setUp: [SetUpInput, Founded];
  join: [JoinInput, LockScreen];
  leaveDemonstration: [null, Start];
  savePreferences: [Preferences, Preferences];
  record: [RecordInput, Outcome];
  customerCard: [CustomerId, CustomerCard];
  exportHistories: [ExportInput, Job | null];
  exportCustomers: [ExportCustomersInput, Job | null];
};
type Added = {
  lockScreen: [null, LockScreen];
  signIn: [SignInInput, Session];
  lock: [null, LockScreen];
  firstManager: [FirstManagerInput, Founded];
  recover: [RecoverInput, NextRecoveryCode];
  renewRecoveryCode: [null, NextRecoveryCode];
  evacuationList: [null, EvacuationList];
  staffMembers: [null, StaffMember[]];
  saveStaff: [SaveStaffInput, StaffMember[]];
  retireStaff: [StaffId, StaffMember[]];
  resetPin: [ResetPinInput, StaffMember[]];
  changeOwnPin: [ChangePinInput, null];
  permissions: [null, PermissionRow[]];
  tokens: [null, TokenView[]];
  makeToken: [MakeToken, MadeToken];
  rotateToken: [TokenId, MadeToken];
  revokeToken: [TokenId, TokenView];
  accessLog: [AccessLogInput, AccessLogPage];
  accessLogStatus: [null, AccessLogStatus];
  exportAccessLog: [AccessFilter, Job | null];
  confirmAccessLog: [null, AccessLogStatus];
  notePrinted: [Printed, null];
  whoDidWhat: [WhoInput, WhoPage];
  exportWhoDidWhat: [WhoFilter, Job | null];
  erasurePreview: [ErasureInput, ErasurePreview];
  unseenCustomers: [UnseenInput, UnseenPage];
  keeping: [null, Keeping];
  saveKeeping: [Keeping, Keeping];
};
export type Calls = Omit<GeneratedCalls, keyof Replaced> & Replaced & Added;
