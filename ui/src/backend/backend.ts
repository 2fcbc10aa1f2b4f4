import type {
  AppError,
  Changed,
  Chart,
  Connection,
  ConnectionInput,
  ConnectionTrial,
  ContextName,
  CustomerCard,
  CustomerPage,
  CustomerSearch,
  ExportInput,
  GatewaySetting,
  GatewayView,
  ImportPreview,
  Invitation,
  Job,
  JoinInput,
  MypageEngine,
  MypageEngineInput,
  MypageEngineTrial,
  MypageInput,
  MypagePage,
  Occupancy,
  Outcome,
  Pairing,
  Preferences,
  QuarantinePage,
  RecentInput,
  RecentRecord,
  Request,
  ServicesView,
  Session,
  SetUpInput,
  Start,
  SyncChip,
  SyncView,
  TracePage,
  TracesInput,
  TraceView,
  TracingSetting,
  TracingView,
} from './types';

/** Ends a subscription. */
export type Unlisten = () => void;

/**
 * Everything a screen may ask of the program. Two sides stand behind it: the real one (`tauri.ts`) and the
 * one in memory (`mock/`) for tests and for looking at the screens in a browser.
 *
 * Every promise rejects with an {@link AppError} and nothing else.
 */
export interface Backend {
  start(): Promise<Start>;
  setUp(input: SetUpInput): Promise<Session>;
  /** Takes part in a facility that another terminal has, instead of making one. */
  join(input: JoinInput): Promise<Session>;
  openDemonstration(): Promise<Job>;
  leaveDemonstration(): Promise<Start>;

  record(input: Request): Promise<Outcome>;

  searchCustomers(input: CustomerSearch): Promise<CustomerPage>;
  customerCard(customerId: string): Promise<CustomerCard>;
  occupancy(): Promise<Occupancy>;
  recentRecords(input: RecentInput): Promise<RecentRecord[]>;
  mypage(input: MypageInput): Promise<MypagePage>;
  chart(input: MypageInput): Promise<Chart>;
  /** Where Mypage's lines are kept. Saving takes effect at once; the lines are filled in from the journal. */
  mypageEngine(): Promise<MypageEngine>;
  tryMypageEngine(input: MypageEngineInput): Promise<MypageEngineTrial>;
  saveMypageEngine(input: MypageEngineInput): Promise<MypageEngine>;

  /** These three answer null when the person dismissed the file dialog. */
  exportHistories(input: ExportInput): Promise<Job | null>;
  exportCustomers(): Promise<Job | null>;
  backUp(): Promise<Job | null>;
  restore(): Promise<Job | null>;
  previewImport(): Promise<ImportPreview | null>;
  runImport(previewId: string): Promise<Job>;
  cancelJob(jobId: string): Promise<void>;

  savePreferences(input: Preferences): Promise<Preferences>;
  syncChip(): Promise<SyncChip>;

  syncView(): Promise<SyncView>;
  /** Newest first; `after` is the `next` of the page before. */
  quarantine(after: number | null): Promise<QuarantinePage>;
  /** Doesn't wait for the next attempt. */
  retrySync(): Promise<void>;
  connection(): Promise<Connection>;
  tryConnection(input: ConnectionInput): Promise<ConnectionTrial>;
  saveConnection(input: ConnectionInput): Promise<Connection>;
  /** The path of a PEM file that was chosen; null when the dialog was dismissed. */
  pickPem(): Promise<string | null>;
  pairing(): Promise<Pairing>;
  /** The path it was written to and the code that was read; null when the person dismissed the file dialog. */
  savePairing(): Promise<string | null>;
  openPairing(): Promise<string | null>;
  /** A terminal that is set up already takes another's facility key. */
  /** What a code says, before it is used. */
  readPairing(code: string): Promise<Invitation>;
  acceptPairing(code: string): Promise<void>;
  /** Takes over the points that a lost terminal holds. */
  reclaim(terminalId: string): Promise<Job>;

  /** The REST gateway that this program may serve to others on this computer. */
  gateway(): Promise<GatewayView>;
  saveGateway(input: GatewaySetting): Promise<GatewayView>;
  /** The contexts, and the graph of services with what passed on it. */
  services(): Promise<ServicesView>;
  /**
   * Until it is started again, or the program starts again. Answers once its tasks have ended. The reason, of up to 80
   * letters, is shown to whoever looks.
   */
  stopContext(name: ContextName, reason: string | null): Promise<void>;
  startContext(name: ContextName): Promise<void>;
  /** What this terminal recorded of traces, the newest first. */
  traces(input: TracesInput): Promise<TracePage>;
  trace(traceId: string): Promise<TraceView>;
  /** Where spans are sent besides being kept here. */
  tracing(): Promise<TracingView>;
  saveTracing(input: TracingSetting): Promise<TracingView>;

  onChanged(listener: (change: Changed) => void): Unlisten;
  onJob(listener: (job: Job) => void): Unlisten;
  /** The link came, went or is reading, or another number of records waits. */
  onLink(listener: () => void): Unlisten;
}

/** Whatever was thrown, as the one shape of error the screens know. */
export function asAppError(thrown: unknown): AppError {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const { code, params } = thrown as Partial<AppError>;
    if (typeof code === 'string') return { code, params: params ?? {} };
  }
  return { code: 'internal', params: { detail: thrown instanceof Error ? thrown.message : String(thrown) } };
}
