import { STATES } from './states.mjs';
import {
  alike,
  click,
  clickIn,
  clickOf,
  fill,
  find,
  findCustomer,
  open,
  openMypage,
  pause,
  press,
  scan,
  scene,
  scrollTo,
  scrollToEnd,
  settings,
  setUpUntil,
  shown,
  terminals,
  type,
} from './steps.mjs';

const INSIDE = '고명숙';
const OUTSIDE = '이수빈';
const FORGOTTEN = '문태경';
const BANNED = 'NS-2204-0391';
/** Whose ban ends today, and whose points expire. */
const ENDING = 'NS-2204-7000';
/** The customer of the crowd with the longest name and the largest balance. */
const RICHEST = 'NS-9007-19925';
/** Another one, who may smoke. */
const RICH_ALLOWED = 'NS-9007-00001';

const CROWD = { at: '?seed=crowd' };
const CLUSTER = { at: '?sync=online&replication=trouble' };
const ONLINE = { at: '?sync=online' };
const SERVICES = { at: '?services=ok' };
const ENGLISH = { at: '?language=en' };
const KOREAN = { at: '?language=ko' };
const DARK = { at: '?theme=dark' };
const PLAN = { at: '?plan=true' };
const ENGLISH_PLAN = { at: '?plan=true&language=en' };
const PRINTER = { at: '?printer=ready' };
const MANY_PRINTER = { at: '?printer=ready&receipts=many' };
const PRINTER_AWAY = { at: '?printer=away' };
const ENGLISH_PRINTER_AWAY = { at: '?printer=away&language=en' };
const NEW = { at: '?seed=new', ready: 'setup-screen' };

const inside = press('Control', 'i');
const register = [press('Control', 'n'), shown('register-dialog')];
const evacuation = [inside, click('evacuation'), shown('evacuation-dialog')];
const importing = [open('customers'), click('import-open'), shown('import-view')];
const period = [open('period'), shown('period-table-visits')];
const traces = [open('traces')];

const guideSearch = (text, at) =>
  scene(
    [
      ...[press('F1'), shown('keys-help'), press('F1'), shown('guide-page')],
      ...[fill('guide-search', text), shown('guide-found')],
    ],
    at,
  );

/** Before anyone has signed in. */
const LOCKED = { at: '?lock=yes', ready: 'people' };

const SECTIONS = [
  ...['facility', 'areas', 'evacuation', 'people', 'permissions', 'ownPin', 'lock', 'whoDid'],
  ...['accessLog', 'keeping', 'terminal', 'diagnostics'],
  ...['display', 'keys', 'scanner', 'printer', 'connection', 'pairing'],
  ...['mypage', 'gateway', 'tokens', 'tracing', 'backup', 'rules', 'updates', 'about'],
];

/** The scenes of `npm run screens`, a line each. The page is loaded again before each. */
export const SCENES = {
  'desk-nobody': scene([]),
  'desk-allowed': scene([find(INSIDE)]),
  'desk-banned': scene([find(BANNED)]),
  'desk-forgotten': scene([find(FORGOTTEN)]),
  'desk-offline': scene([find(OUTSIDE)], { at: '?sync=offline' }),
  'desk-retired': scene([find(OUTSIDE)], { at: '?sync=online&retired=true' }),
  'desk-unknown': scene([type('search', '없는 사람'), shown('no-hit')]),
  'desk-notice': scene([find(OUTSIDE), press('F2'), shown('area-picker'), press('3'), shown('notice')]),
  'desk-inside': scene([inside]),
  'desk-dark': scene([find(BANNED)], DARK),
  'walk-in': scene([press('Control', 'Enter'), shown('area-picker')]),
  'area-picker': scene([find(OUTSIDE), press('F2'), shown('area-picker')]),
  'area-picker-override': scene([find(BANNED), press('F2'), shown('override')]),
  pay: scene([find(OUTSIDE), press('F4'), shown('pay-dialog')]),
  'pay-too-much': scene([find(OUTSIDE), press('F4'), type('pay-points', '999999')]),
  'pay-scanned': scene([
    ...[find(OUTSIDE), press('F4'), type('pay-points', '60'), pause(700)],
    ...[scan(BANNED), shown('scan-question')],
  ]),
  impose: scene([find(BANNED), press('F6'), shown('impose-dialog')]),
  deduct: scene([find(BANNED), press('F7'), shown('deduct-dialog')]),
  'deduct-paid': scene([find(BANNED), press('F7'), shown('deduct-dialog')], {
    at: '?pricePerPenaltyPoint=5',
  }),
  why: scene([find(BANNED), press('F9'), shown('why')]),
  'why-points': scene([find(BANNED), press('F9'), shown('why'), press('F9'), shown('why-points')]),
  'desk-endings': scene([find(ENDING)], { at: '?endings=true' }),
  undo: scene([press('Control', 'z'), pause(300)]),
  'forgotten-out': scene([find(FORGOTTEN), press('F3'), shown('forgotten-out-dialog')]),
  register: scene(register),
  'register-empty': scene([...register, click('customer-submit'), shown('error')]),
  'register-alike': scene([...register, alike]),
  edit: scene([find(OUTSIDE), click('edit-customer'), shown('edit-dialog')]),
  'everyone-out': scene([inside, click('everyone-out'), shown('everyone-out-dialog')]),
  'close-visit': scene([
    ...[inside, shown('area-turn'), scrollToEnd('inside-pane')],
    ...[click('close-visit'), shown('close-visit-dialog')],
  ]),
  evacuation: scene(evacuation, { pages: 1 }),
  site: scene([open('site'), shown('site-area')]),
  'site-area': scene([open('site'), clickOf('site-area', 0), shown('site-everyone-out')]),
  'site-everyone-out': scene([
    ...[open('site'), clickOf('site-area', 0), click('site-everyone-out'), shown('everyone-out-dialog')],
  ]),
  'site-crowd': scene([open('site'), shown('site-area')], CROWD),
  plan: scene([open('plan'), shown('plan-drawing')], PLAN),
  'plan-penalties': scene([open('plan'), click('plan-mode-penalties'), shown('plan-drawing')], PLAN),
  'plan-picture': scene([open('plan'), click('plan-edit'), click('plan-pick'), shown('plan-picture')], PLAN),
  'plan-edit': scene(
    [open('plan'), click('plan-edit'), clickOf('plan-editor-row', 0), shown('plan-fields')],
    PLAN,
  ),
  'plan-empty': scene([open('plan'), shown('plan-first')]),
  'english-plan': scene([open('plan'), shown('plan-drawing')], ENGLISH_PLAN),
  'english-site': scene([open('site'), shown('site-area')], ENGLISH),
  'why-screen': scene([find(BANNED), open('why'), shown('why-screen')]),
  'why-screen-nobody': scene([open('why'), shown('mypage-search')]),
  'english-why-screen': scene([find(BANNED), open('why'), shown('why-screen')], ENGLISH),
  'desk-staff': scene([find(BANNED)], { at: '?role=staff' }),
  keys: scene([press('F1'), shown('keys-help')]),
  guide: scene([press('F1'), shown('keys-help'), press('F1'), shown('guide-page'), pause(300)]),
  'guide-search': guideSearch('되살', KOREAN),
  'english-guide-search': guideSearch('resto', ENGLISH),
  'english-guide': scene(
    [press('F1'), shown('keys-help'), press('F1'), shown('guide-page'), pause(300)],
    ENGLISH,
  ),
  'customer-view': scene([openMypage(BANNED), press('Control', 'b'), shown('customer-view-visits')]),
  'customer-view-expiring': scene(
    [openMypage(ENDING), press('Control', 'b'), shown('customer-view-expiring')],
    {
      at: '?endings=true',
    },
  ),
  'english-customer-view': scene(
    [openMypage(OUTSIDE), press('Control', 'b'), shown('customer-view-visits')],
    ENGLISH,
  ),
  'crowd-customer-view': scene(
    [openMypage(RICHEST), press('Control', 'b'), shown('customer-view-visits')],
    CROWD,
  ),
  palette: scene([press('Control', 'k'), shown('palette-search')]),
  'palette-found': scene([
    ...[
      find(OUTSIDE),
      press('Control', 'k'),
      fill('palette-search', 'ㅂ'),
      shown('palette-item'),
      pause(400),
    ],
  ]),
  'palette-nothing': scene([press('Control', 'k'), fill('palette-search', 'zzqq'), shown('palette-empty')]),
  'english-palette': scene([press('Control', 'k'), shown('palette-search')], ENGLISH),
  mypage: scene([openMypage(BANNED)]),
  'mypage-rows': scene([openMypage(BANNED), scrollTo('mypage-row')]),
  'mypage-export': scene([openMypage(BANNED), press('Control', 'e'), shown('export-customer')]),
  'mypage-endings': scene([openMypage(ENDING)], { at: '?endings=true' }),
  'mypage-ahead': scene([openMypage(BANNED)], { at: '?clock=ahead' }),
  'clock-behind': scene([], { at: '?clock=behind', ready: 'clock-screen' }),
  'clock-long-after-en': scene([], { at: '?clock=longAfter&language=en&theme=dark', ready: 'clock-screen' }),
  'mypage-travel': scene([
    openMypage(BANNED),
    press('Control', 't'),
    shown('travel'),
    click('travel-go'),
    shown('travelling'),
  ]),
  'mypage-pick': scene([open('mypage')]),
  'mypage-failed': scene([find(BANNED), press('F8'), shown('error')], {
    at: '?mypageFailure=storage_failed',
  }),
  'mypage-dark': scene([openMypage(BANNED)], DARK),
  customers: scene([open('customers')]),
  'customer-chosen': scene([findCustomer(BANNED)]),
  'customer-new': scene([open('customers'), click('customer-new'), shown('customer-form')]),
  'customer-new-alike': scene([open('customers'), click('customer-new'), alike]),
  'customer-edit': scene([findCustomer(BANNED), click('customer-edit'), shown('customer-form')]),
  'customer-card': scene([findCustomer(BANNED), click('customer-replace-card'), shown('customer-new-card')]),
  import: scene(importing),
  'import-rows': scene([...importing, scrollTo('import-row')]),
  'import-done': scene([...importing, click('import-run'), shown('import-take-back')]),
  'import-take-back': scene([...[...importing, click('import-run'), click('import-take-back'), pause(300)]]),
  review: scene([open('review'), shown('review-screen')]),
  'review-case': scene([open('review'), click('case-open'), shown('case-to-mypage')]),
  'review-edit': scene([open('review'), click('edit-open'), shown('edit-take')], {
    at: '?overtaken=true',
  }),
  'review-of-nobody': scene([
    ...[open('review'), type('review-customer', '이수')],
    ...[click('customer-hit'), shown('review-show-all')],
  ]),
  'customer-link': scene([
    ...[findCustomer(BANNED), click('customer-link'), fill('link-find', '이수')],
    ...[click('customer-hit'), shown('link-both')],
  ]),
  late: scene([open('review'), click('review-late'), shown('late-screen'), type('late-customer-1', '김')]),
  'late-missing': scene([
    ...[open('review'), click('review-late'), shown('late-screen')],
    ...[fill('late-from-1', '9:10'), click('late-submit'), pause(200)],
  ]),
  'english-late': scene([open('review'), click('review-late'), shown('late-screen')], ENGLISH),
  'review-close': scene([
    ...[open('review'), click('case-open'), click('case-close-visit')],
    shown('close-visit-dialog'),
  ]),
  day: scene([open('day'), shown('day-table')], { pages: 1 }),
  period: scene([...period, pause(800)], { pages: 3 }),
  'period-occupancy': scene([...period, pause(800), scrollTo('period-panel-occupancy')]),
  'period-end': scene([...period, pause(800), scrollToEnd('period-screen')]),
  'period-year': scene([...period, click('period-months12'), pause(800)], ENGLISH),
  receipts: scene([open('receipts'), shown('receipts-entry')], PRINTER),
  'receipts-away': scene([open('receipts'), shown('slips-waiting')], PRINTER_AWAY),
  'receipts-english': scene([open('receipts'), shown('slips-waiting')], ENGLISH_PRINTER_AWAY),
  'receipts-more': scene([open('receipts'), shown('receipts-more'), scrollTo('receipts-more')], MANY_PRINTER),
  'receipts-none': scene([open('receipts'), shown('receipts-no-printer')]),
  slip: scene([open('receipts'), clickOf('receipts-show', 0), shown('slip-sheet')], PRINTER),
  'desk-print': scene([shown('recent-print')], PRINTER),
  'desk-print-away': scene([shown('slips-failed')], PRINTER_AWAY),
  'customer-print': scene([findCustomer(BANNED), shown('customer-print-card')], PRINTER),
  'printer-usb': scene([settings('printer'), click('settings-printer-usb'), pause(200)], PRINTER_AWAY),
  'day-closing': scene([open('day'), click('day-close'), shown('close-day-dialog')]),
  'day-closed': scene(
    [
      ...[open('day'), click('day-close'), shown('close-day-dialog'), click('close-day-submit')],
      ...[pause(300), shown('day-table')],
    ],
    { pages: 1 },
  ),
  'sync-alone': scene([open('sync')]),
  sync: scene([open('sync')], CLUSTER),
  'sync-end': scene([open('sync'), shown('terminal-actions'), scrollToEnd('sync-screen')], CLUSTER),
  'sync-calm': scene([open('sync')], ONLINE),
  'sync-raw': scene([open('sync'), click('quarantined-raw'), shown('raw-dialog')], CLUSTER),
  'sync-menu': scene([terminals, clickOf('terminal-actions', 1), shown('terminal-retire')], CLUSTER),
  retire: scene(
    [terminals, clickOf('terminal-actions', 1), click('terminal-retire'), shown('retire-consequences')],
    CLUSTER,
  ),
  reclaim: scene(
    [
      ...[terminals, clickIn('[data-silent]', 'terminal-actions')],
      ...[click('terminal-reclaim'), shown('reclaim-out')],
    ],
    CLUSTER,
  ),
  services: scene([open('services')], SERVICES),
  'services-stopped': scene([open('services')], { at: '?services=stopped' }),
  'services-failing': scene([open('services')], { at: '?services=failing' }),
  'services-many': scene([open('services')], { at: '?services=many' }),
  'services-quiet': scene([open('services')], { at: '?services=quiet' }),
  traces: scene([...traces, shown('span')], SERVICES),
  'traces-span': scene([...traces, clickOf('span', 1), shown('span-detail')], SERVICES),
  'traces-none': scene(traces, { at: '?services=ok&traces=none' }),
  settings: scene([open('settings')]),
  'settings-demonstration': scene([open('settings')], { at: '?demonstration=true' }),
  'settings-demonstration-leave': scene([open('settings'), click('settings-demonstration-leave')], {
    at: '?demonstration=true',
  }),
  ...Object.fromEntries(
    SECTIONS.map((section) => [`settings-${section}`, scene([settings(section)], ONLINE)]),
  ),
  'settings-licences': scene([settings('about'), click('settings-licences'), shown('licences-text')]),
  'english-licences': scene([settings('about'), click('settings-licences'), shown('licences-text')], ENGLISH),
  'settings-area-edit': scene([settings('areas'), click('settings-area-edit')], ONLINE),
  'settings-area-retire': scene([
    open('areas'),
    clickOf('settings-area-retire', 0),
    shown('settings-area-retire-confirm'),
  ]),
  'settings-leaving': scene([
    ...[open('areas'), fill('settings-area-new-name', '남측 흡연실')],
    ...[click('rail-desk'), shown('leave-dialog')],
  ]),
  'settings-rules-problem': scene([
    ...[settings('rules'), fill('rules-levels.0.at', '5'), click('rules-add-code'), pause(900)],
  ]),
  'settings-rules-publish': scene([
    ...[settings('rules'), fill('rules-levels.0.at', '60'), click('rules-publish')],
    shown('rules-publish-confirm'),
  ]),
  'settings-restore': scene([open('backup'), click('settings-restore'), shown('settings-restore-confirm')]),
  'set-up': scene([], NEW),
  'set-up-areas': scene([setUpUntil(2)], NEW),
  'set-up-staff': scene([setUpUntil(3)], NEW),
  join: scene([click('setup-join'), shown('join-code')], NEW),
  lock: scene([], LOCKED),
  'lock-dark': scene([], { ...LOCKED, at: `${LOCKED.at}&theme=dark&sync=offline` }),
  'lock-pin': scene([clickOf('person', 1), shown('sign-in-pin')], LOCKED),
  'lock-tried': scene([clickOf('person', 2), shown('sign-in-wait')], { ...LOCKED, at: '?lock=tried' }),
  'lock-tried-people': scene([], { ...LOCKED, at: '?lock=tried' }),
  'lock-recover': scene([click('lock-recover'), shown('recover')], LOCKED),
  'lock-waits': scene([], { at: '?lock=waits&sync=online', ready: 'lock-waits-for-staff' }),
  'lock-first': scene([], { at: '?lock=first', ready: 'first-manager' }),
  'lock-evacuation': scene([press('F10'), shown('evacuation-area')], { ...LOCKED, pages: 1 }),
  'lock-counts': scene([press('F10'), shown('evacuation-area')], {
    ...LOCKED,
    at: '?lock=yes&evacuation=counts',
    pages: 1,
  }),
  'lock-demonstration': scene([], { ...LOCKED, at: '?lock=yes&demonstration=true' }),
  'lock-crowd': scene([], { ...LOCKED, at: '?lock=yes&seed=crowd' }),
  'lock-crowd-evacuation': scene([press('F10'), shown('evacuation-area')], {
    ...LOCKED,
    at: '?lock=yes&seed=crowd',
    pages: 7,
  }),
  'lock-english': scene([], { ...LOCKED, at: '?lock=yes&language=en&sync=online' }),
  'lock-english-recover': scene([click('lock-recover'), shown('recover')], {
    ...LOCKED,
    at: '?lock=yes&language=en',
  }),
  'set-up-code': scene(
    [
      ...[setUpUntil(3), fill('setup-manager', '박서연'), fill('setup-pin', '135790')],
      ...[fill('setup-pin-again', '135790'), click('setup-finish'), shown('recovery-code')],
    ],
    { ...NEW, pages: 1 },
  ),
  approval: scene(
    [
      ...[find(BANNED), press('F2'), shown('area-picker'), click('override-medical')],
      ...[clickOf('pick-3', 0), shown('approval-dialog'), pause(300)],
    ],
    { at: '?role=staff' },
  ),
  'approval-pin': scene(
    [
      ...[find(BANNED), press('F2'), shown('area-picker'), click('override-medical')],
      ...[clickOf('pick-3', 0), shown('approval-dialog'), clickOf('person', 0), shown('approval-pin')],
    ],
    { at: '?role=staff' },
  ),
  'customer-erase': scene([findCustomer(BANNED), click('customer-erase'), shown('erase-id')]),
  'customers-staff': scene([findCustomer(BANNED)], { at: '?role=staff' }),
  'export-reason': scene([open('customers'), click('customers-export'), shown('export-reason')]),
  'settings-staff': scene([open('settings')], { at: '?role=staff' }),
  'settings-person-new': scene([settings('people'), click('settings-person-new'), pause(200)]),
  'settings-person-pin': scene([settings('people'), clickOf('settings-person-pin', 1), pause(200)]),
  'settings-token-made': scene([
    ...[settings('tokens'), fill('settings-token-name', '서문 회전문'), click('settings-token-scope-enter')],
    ...[click('settings-token-make'), shown('settings-token-secret')],
  ]),
  'settings-access-trouble': scene([settings('accessLog')], { at: '?accessLog=unwritable' }),
  'settings-access-due': scene([settings('accessLog')], { at: '?accessLog=due' }),
  'settings-unseen': scene([settings('keeping'), click('settings-unseen-on'), pause(300)]),
  'english-people': scene([settings('people')], ENGLISH),
  'english-permissions': scene([settings('permissions')], ENGLISH),
  'english-access': scene([settings('accessLog')], ENGLISH),
  'english-who': scene([settings('whoDid')], ENGLISH),
  'english-tokens': scene([settings('tokens')], ENGLISH),
  'english-approval': scene(
    [
      ...[find(BANNED), press('F2'), shown('area-picker'), click('override-medical')],
      ...[clickOf('pick-3', 0), shown('approval-dialog'), pause(300)],
    ],
    { at: '?role=staff&language=en' },
  ),
  'english-erase': scene([findCustomer(BANNED), click('customer-erase'), shown('erase-id')], ENGLISH),
  failed: scene([], { at: '?startFailure=storage_corrupt', ready: 'failed-retry' }),
  closing: scene([shown('close-dialog')], { at: '?closing=import' }),
  'closing-receipts': scene([shown('close-dialog')], { at: '?closing=slips&printer=away' }),
  'failed-unwritable': scene([], { at: '?startFailure=folder_unwritable', ready: 'failed-retry' }),
  'crowd-desk': scene([find(RICHEST)], CROWD),
  'crowd-allowed': scene([find(RICH_ALLOWED)], CROWD),
  'crowd-nobody': scene([], CROWD),
  'crowd-search': scene([find('프란')], CROWD),
  'crowd-inside': scene([inside], CROWD),
  'crowd-area-picker': scene([find(OUTSIDE), press('F2'), shown('area-picker')], CROWD),
  'crowd-area-found': scene([find(OUTSIDE), press('F2'), type('area-find', 'ㅈㅊㅈ')], CROWD),
  'crowd-pay': scene([find(RICHEST), press('F4'), shown('pay-dialog')], CROWD),
  'crowd-impose': scene([find(RICHEST), press('F6'), shown('impose-dialog')], CROWD),
  'crowd-deduct': scene([find(RICHEST), press('F7'), shown('deduct-dialog')], CROWD),
  'crowd-why': scene([find(RICHEST), press('F9'), shown('why')], CROWD),
  'crowd-edit': scene([find(RICHEST), click('edit-customer'), shown('edit-dialog')], CROWD),
  'crowd-evacuation': scene(evacuation, { ...CROWD, pages: 7 }),
  'crowd-mypage': scene([openMypage(RICHEST)], CROWD),
  'crowd-mypage-rows': scene([openMypage(RICHEST), scrollTo('mypage-row')], CROWD),
  'crowd-corrections': scene(
    [openMypage(RICHEST), scrollTo('mypage-row'), click('mypage-correct'), shown('correction-menu')],
    CROWD,
  ),
  'english-corrections': scene(
    [openMypage(BANNED), scrollTo('mypage-row'), click('mypage-correct'), shown('correction-menu')],
    ENGLISH,
  ),
  'crowd-customers': scene([findCustomer(RICHEST)], CROWD),
  'crowd-customer-list': scene([open('customers')], CROWD),
  'settings-updates-ready': scene([settings('updates')], { at: '?updates=ready' }),
  'settings-updates-untrusted': scene([settings('updates')], { at: '?updates=untrusted' }),
  'english-updates': scene([settings('updates')], { at: '?updates=ready&language=en' }),
  'settings-backup-daily': scene([settings('backup')], { at: '?backups=on' }),
  'settings-backup-outdated': scene([settings('backup')], { at: '?backups=outdated' }),
  'settings-backup-failing': scene([settings('backup')], { at: '?backups=failing' }),
  'english-desk': scene([find(BANNED)], ENGLISH),
  'english-pay': scene([find(OUTSIDE), press('F4'), shown('pay-dialog')], ENGLISH),
  'english-register': scene([...register, alike], ENGLISH),
  'english-forgotten': scene([find(FORGOTTEN), press('F3'), shown('forgotten-out-dialog')], ENGLISH),
  'english-mypage': scene([openMypage(BANNED)], ENGLISH),
  'english-customers': scene([findCustomer(BANNED)], ENGLISH),
  'english-import': scene(importing, ENGLISH),
  'english-sync': scene([open('sync')], { at: `${CLUSTER.at}&language=en` }),
  'english-services': scene([open('services')], { at: `${SERVICES.at}&language=en` }),
  'english-settings': scene([open('settings')], ENGLISH),
  'english-set-up': scene([], { ...NEW, at: `${NEW.at}&language=en` }),
  ...STATES,
};
