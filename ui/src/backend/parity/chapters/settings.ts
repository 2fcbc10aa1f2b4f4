import { type Chapter, NO_ONE } from '../chapter';

const NO_CLUSTER = {
  servers: '',
  prefix: '',
  transport: 'plain',
  caFile: '',
  certificateFile: '',
  keyFile: '',
  user: '',
  mechanism: 'scramSha512',
  passwordKept: false,
} as const;

const NO_TRACE = '0'.repeat(32);

export const settings: Chapter = {
  name: 'settings are read and saved',
  play: async (desk) => {
    await desk.ask('preferences', 'savePreferences', {
      language: 'en',
      theme: 'dark',
      sound: true,
      zoom: 125,
      scanner: { paceMs: 120, prefix: '~' },
      autoLockMinutes: 10,
    });
    await desk.ask('the connection', 'connection');
    await desk.ask('no cluster is tried', 'tryConnection', { connection: NO_CLUSTER });
    const plain = { ...NO_CLUSTER, user: 'desk', mechanism: 'plain' } as const;
    await desk.ask('PLAIN without TLS is not tried', 'tryConnection', { connection: plain });
    await desk.ask('no cluster is saved', 'saveConnection', { connection: NO_CLUSTER, password: '' });
    await desk.ask('the pairing code', 'pairing');
    await desk.ask('no pairing code', 'readPairing', 'ABCDEF');
    await desk.ask('no pairing code is accepted', 'acceptPairing', '');
    await desk.ask('reconnect', 'retrySync');
    await desk.ask('quarantined messages', 'quarantine', null);
    await desk.ask('a lost terminal that is none', 'reclaim', NO_ONE);
    await desk.ask('the gateway', 'gateway');
    await desk.ask('a low port', 'saveGateway', { enabled: false, port: 80 });
    await desk.ask('another port', 'saveGateway', { enabled: false, port: 18_080 });
    await desk.ask('newer versions', 'updates');
    const updates = { enabled: true, address: 'https://example.com/latest.json', key: '' } as const;
    await desk.ask('newer versions without a package', 'saveUpdates', updates);
    await desk.ask('an address of newer versions', 'tryUpdates', updates);
    await desk.ask('a long address', 'tryUpdates', { ...updates, address: 'a'.repeat(501) });
    await desk.ask('no newer version', 'installUpdate');
    await desk.ask('no newer versions', 'saveUpdates', { ...updates, enabled: false });
    await desk.ask('no printer', 'printer');
    const printer = { roll: 'mm58', hangul: 'cp949' } as const;
    for (const address of ['', '프린터', 'printer:0', '[::1]9100', '[::1', ':9100']) {
      const place = { type: 'network', address } as const;
      await desk.ask(`a printer at ${address}`, 'savePrinter', { ...printer, place });
    }
    for (const path of [' ', '/dev/sda']) {
      await desk.ask(`a printer at ${path}`, 'savePrinter', { ...printer, place: { type: 'usb', path } });
    }
    await desk.ask('a test print without a printer', 'printSlip', { type: 'test' });
    await desk.ask('no printer is saved', 'savePrinter', { ...printer, place: { type: 'none' } });
    const slip = { type: 'test' } as const;
    await desk.ask('a page of no size', 'printPage', { slip, page: { widthMm: 0, heightMm: 100 } });
    await desk.ask('a page that is too long', 'printPage', { slip, page: { widthMm: 80, heightMm: 2_001 } });
    await desk.ask('a page', 'printPage', { slip, page: { widthMm: 80, heightMm: 100 } });
    await desk.ask('a slip that is not there', 'retrySlip', 7);
    await desk.ask('a slip that is not there is discarded', 'discardSlip', 7);
    await desk.ask('the daily backups', 'backupSchedule');
    for (const [hour, keep] of [
      [24, 7],
      [3, 0],
      [3, 366],
    ] as const) {
      const step = `backups at ${hour}, ${keep} kept`;
      await desk.ask(step, 'saveBackupSchedule', { enabled: false, hour, keep });
    }
    await desk.ask('backups into no folder', 'saveBackupSchedule', { enabled: true, hour: 3, keep: 7 });
    await desk.ask('other backups', 'saveBackupSchedule', { enabled: false, hour: 22, keep: 30 });
    await desk.ask('the engine of Mypage', 'mypageEngine');
    await desk.ask('its engine is saved', 'saveMypageEngine', { engine: { engine: 'sqlite' } });
    await desk.ask('tracing', 'tracing');
    for (const url of ['', 'localhost:4318', 'ftp://localhost', 'http://user@localhost', 'http://a b']) {
      await desk.ask(`spans to ${url}`, 'saveTracing', { otlp: url, zipkin: null });
    }
    await desk.ask('spans to no Zipkin', 'saveTracing', { otlp: null, zipkin: 'x' });
    await desk.ask('spans to nobody', 'saveTracing', { otlp: null, zipkin: null });
    await desk.ask('an unknown trace', 'trace', NO_TRACE);
    await desk.ask('no trace', 'trace', 'x');
    await desk.ask('traces of an unknown id', 'traces', {
      traceId: NO_TRACE,
      cursor: null,
      limit: 5,
      failed: false,
    });
    await desk.ask('traces of no id', 'traces', { traceId: 'x', cursor: null, limit: 5, failed: false });
    await desk.ask('no cursor of this list', 'traces', {
      traceId: null,
      cursor: 'x',
      limit: 5,
      failed: false,
    });
    await desk.look('after the settings');
  },
};
