import type { Backend } from '../backend';

/** A value that necessarily differs between the mock and the real program. */
export interface Exclusion {
  /** The call in whose answers the value is excluded; all calls by default. */
  call?: keyof Backend;
  /** The path from the answer's root, with `*` for any index of a list. `**.name` stands for any depth. */
  path: string;
  reason: string;
}

/** All values that aren't compared. Whether a value is null is compared even so. */
export const EXCLUSIONS: readonly Exclusion[] = [
  { path: '**.version', reason: 'the version of the program' },
  { path: '**.dataFolder', reason: 'a path of the machine' },
  { path: 'next', reason: 'a cursor, which the screens only hand back; its pages are compared' },
  { path: '**.openCases', reason: 'the mock derives no cases but forgotten visits' },
  { path: '**.path', reason: 'a path of the machine' },
  { call: 'onJob', path: 'done', reason: 'the amount of work, which the mock makes up' },
  { call: 'onJob', path: 'total', reason: 'the amount of work, which the mock makes up' },
  { path: 'tokenFile', reason: 'a path of the machine' },
  { path: 'tookMs', reason: 'a measured time' },
  { path: 'recoveryCode', reason: 'a random code' },
  { path: 'nextCode', reason: 'a random code' },
  { path: 'secret', reason: 'a random secret' },
  {
    call: 'erasurePreview',
    path: 'stays.*.count',
    reason: 'rows of the access log depend on how often screens look',
  },
  { call: 'pairing', path: 'code', reason: 'it encodes a random key' },
  { call: 'saveTracing', path: 'error.params.detail', reason: 'the message of the URL parser' },
  { call: 'syncView', path: 'erasures.*.tag', reason: 'the beginning of a random customer id' },
  { call: 'syncView', path: 'digest', reason: 'a hash of facts with random ids' },
  {
    call: 'syncView',
    path: 'pendingDocuments',
    reason: 'shown only with a cluster; the mock has no documents',
  },
  { call: 'period', path: 'top', reason: 'customers with equal figures are in the order of random ids' },
  { call: 'services', path: 'contexts.*.steps', reason: 'it depends on the timing of tasks' },
  { call: 'services', path: 'edges.*.recent', reason: 'measured traffic' },
  { call: 'services', path: 'edges.*.hours', reason: 'measured traffic' },
  { call: 'services', path: 'edges.*.day', reason: 'measured traffic' },
];
