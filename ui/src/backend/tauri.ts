import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import { asAppError, type Backend, type Unlisten } from './backend';
import { clickedAt } from './clicked';

async function call<T>(command: string, args?: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw asAppError(thrown);
  }
}

/** Subscribes now; the end may be asked for before Tauri has answered the subscription. */
function subscribe<T>(event: string, listener: (payload: T) => void): Unlisten {
  let ended = false;
  const subscribed = listen<T>(event, ({ payload }) => {
    if (!ended) listener(payload);
  });
  return () => {
    ended = true;
    void subscribed.then((unlisten) => unlisten());
  };
}

/** The real side: the commands and events of the window's own process. */
export const tauriBackend: Backend = {
  start: () => call('start'),
  setUp: (input) => call('set_up', { input }),
  join: (input) => call('join', { input }),
  openDemonstration: () => call('open_demonstration'),
  leaveDemonstration: () => call('leave_demonstration'),
  record: (input) => call('record', { input, clickedAt: clickedAt() }),
  searchCustomers: (input) => call('search_customers', { input }),
  customerCard: (customerId) => call('customer_card', { customerId }),
  occupancy: () => call('occupancy'),
  recentRecords: (input) => call('recent_records', { input }),
  mypage: (input) => call('mypage', { input }),
  chart: (input) => call('chart', { input }),
  mypageEngine: () => call('mypage_engine'),
  tryMypageEngine: (input) => call('try_mypage_engine', { input }),
  saveMypageEngine: (input) => call('save_mypage_engine', { input }),
  exportHistories: (input) => call('export_histories', { input }),
  exportCustomers: () => call('export_customers'),
  previewImport: () => call('preview_import'),
  runImport: (previewId) => call('run_import', { previewId }),
  backUp: () => call('back_up'),
  restore: () => call('restore'),
  cancelJob: (jobId) => call('cancel_job', { jobId }),
  savePreferences: (input) => call('save_preferences', { input }),
  syncChip: () => call('sync_chip'),
  syncView: () => call('sync_view'),
  quarantine: (after) => call('quarantine', { after }),
  retrySync: () => call('retry_sync'),
  connection: () => call('connection'),
  tryConnection: (input) => call('try_connection', { input }),
  saveConnection: (input) => call('save_connection', { input }),
  pickPem: () => call('pick_pem'),
  pairing: () => call('pairing'),
  savePairing: () => call('save_pairing'),
  openPairing: () => call('open_pairing'),
  readPairing: (code) => call('read_pairing', { code }),
  acceptPairing: (code) => call('accept_pairing', { code }),
  reclaim: (terminalId) => call('reclaim', { terminalId }),
  gateway: () => call('gateway'),
  saveGateway: (input) => call('save_gateway', { input }),
  services: () => call('services'),
  stopContext: (name, reason) => call('stop_context', { name, reason }),
  startContext: (name) => call('start_context', { name }),
  traces: (input) => call('traces', { input }),
  trace: (traceId) => call('trace', { traceId }),
  tracing: () => call('tracing'),
  saveTracing: (input) => call('save_tracing', { input }),
  onChanged: (listener) => subscribe('changed', listener),
  onJob: (listener) => subscribe('job', listener),
  onLink: (listener) => subscribe('link', listener),
};
