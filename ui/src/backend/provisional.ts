// Calls that the program is about to have; removed when the generated bindings have them.
import type { Calls as GeneratedCalls } from './bindings/calls';
import type {
  AccessFilter,
  AccessLogInput,
  AccessLogPage,
  AccessLogStatus,
  ErasureInput,
  ErasurePreview,
  ExportCustomersInput,
  Job,
  Keeping,
  MadeToken,
  MakeToken,
  Printed,
  TokenId,
  TokenView,
  UnseenInput,
  UnseenPage,
  WhoFilter,
  WhoInput,
  WhoPage,
} from './bindings/contract';

type Replaced = {
  exportCustomers: [ExportCustomersInput, Job | null];
};
type Added = {
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
