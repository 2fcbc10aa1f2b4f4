/**
 * The scenes of `npm run scans`: where the window is when a card is read, and what must be there afterwards. A scene
 * begins at the desk with nobody in hand; its steps are those of page.mjs.
 */

/** Customers in hand before a scan, each ready for some action. */
export const BEFORE = {
  outside: { name: '강먼저', phone: '010-7000-1190' },
  banned: { name: '금지훈', phone: '010-7000-1191' },
  inside: { name: '안에선', phone: '010-7000-1192' },
};

/** The cards that are read in turn. Their digits would choose an area, be an amount, or press a button. */
export const CARDS = [
  { card: '00000391', name: '영앞선' },
  { card: 'NS-22046', name: '목록이', isInside: true },
  { card: '22220391', name: '둘넷이' },
  { card: 'ab 71234', name: '빈칸나' },
  { card: '1 234567', name: '한칸수', isInside: true },
];
export const UNKNOWN = ['NS-77801', '90817263', 'xy-55501'];

const hand = (who) => ['hand', BEFORE[who].name];
const action = (who, name, ...more) => [hand(who), ['click', `action-${name}`], ...more];
const customer = (who, ...more) => [
  ['open', 'customers', 'customers'],
  ['write', 'customers-search', BEFORE[who].name],
  ['contains', 'customer-row', BEFORE[who].name],
  ['rest', 250],
  ['click', 'customer-row'],
  ['contains', 'customer-detail', BEFORE[who].name],
  ...more,
];

/** What must be there after the scan. */
const IS = {
  /** The card's holder is in hand at the desk, and nothing is open. */
  inHand:
    ({ name }) =>
    (seen) =>
      seen.hand === name && seen.dialogs === 0,
  asks:
    ({ name, card }) =>
    (seen) =>
      seen.asks && seen.question.includes(name ?? card),
  onCustomers:
    ({ name }) =>
    (seen) =>
      seen.detail?.includes(name) && seen.dialogs === 0,
  onReceipts:
    ({ name }) =>
    (seen) =>
      seen.receipts?.includes(`${name} 님의 결제`) && seen.dialogs === 0,
  /** The cases of the card's holder are shown. */
  onReview:
    ({ name }) =>
    (seen) =>
      seen.review === name && seen.dialogs === 0,
  onWhy:
    ({ name }) =>
    (seen) =>
      seen.why?.includes(name) && seen.dialogs === 0,
  /** The card's holder is chosen in the field that had the cursor. */
  inField:
    ({ name }) =>
    (seen) =>
      seen.customerField === name,
  notInField:
    ({ card }) =>
    (seen) =>
      seen.customerField === '' && seen.note?.includes(card),
  onMypage:
    ({ name }) =>
    (seen) =>
      seen.mypage?.includes(name) && seen.dialogs === 0,
  inCardField:
    ({ card }) =>
    (seen) =>
      seen.newCard === card,
  measured:
    ({ raw }) =>
    (seen) =>
      seen.measured?.includes(raw) ?? false,
  nobody:
    ({ card }) =>
    (seen) =>
      seen.hand === null && seen.search === card && seen.dialogs === 0,
};

const scene = (steps, after = 'inHand', more = {}) => ({ steps, isDone: IS[after], ...more });
const unknown = (steps, after) => scene(steps, after, { isUnknown: true });

export const SCENES = {
  desk: scene([]),
  'desk-in-hand': scene([hand('inside')]),
  'desk-letters': scene([['write', 'search', '강']]),
  'desk-button': scene([hand('inside'), ['focus', 'action-check-out']]),
  'desk-unknown': unknown([hand('inside')], 'nobody'),
  'area-picker': scene(action('outside', 'check-in', ['shown', 'area-picker'])),
  'area-override': scene(action('banned', 'check-in', ['shown', 'override'])),
  'walk-in': scene([
    ['press', 'Ctrl Enter'],
    ['shown', 'area-picker'],
  ]),
  pay: scene(action('outside', 'pay', ['focus', 'pay-points'])),
  'pay-typed': scene(action('outside', 'pay', ['write', 'pay-points', '6']), 'asks'),
  'pay-all': scene(action('outside', 'pay', ['shown', 'pay-dialog'], ['focus', 'pay-all'])),
  impose: scene(action('outside', 'impose', ['shown', 'impose-dialog'])),
  deduct: scene(action('outside', 'deduct', ['shown', 'deduct-dialog'])),
  why: scene(action('banned', 'why', ['shown', 'why'])),
  register: scene([
    ['press', 'Ctrl N'],
    ['focus', 'customer-name'],
  ]),
  'register-typed': scene(
    [
      ['press', 'Ctrl N'],
      ['write', 'customer-name', '선우'],
    ],
    'asks',
  ),
  'register-unknown': unknown(
    [
      ['press', 'Ctrl N'],
      ['write', 'customer-name', '선우'],
    ],
    'inCardField',
  ),
  edit: scene([
    hand('outside'),
    ['click', 'edit-customer'],
    ['shown', 'edit-dialog'],
    ['focus', 'customer-name'],
  ]),
  'everyone-out': scene([
    ['click', 'everyone-out'],
    ['shown', 'everyone-out-dialog'],
  ]),
  evacuation: scene([
    ['click', 'evacuation'],
    ['shown', 'evacuation-dialog'],
  ]),
  palette: scene([
    ['press', 'Ctrl K'],
    ['focus', 'palette-search'],
  ]),
  keys: scene([
    ['press', 'F1'],
    ['shown', 'keys-help'],
  ]),
  customers: scene(
    [
      ['open', 'customers', 'customers'],
      ['focus', 'customers-search'],
    ],
    'onCustomers',
  ),
  'customer-new': scene(
    [
      ['open', 'customers', 'customers'],
      ['click', 'customer-new'],
      ['write', 'customer-name', '선우'],
    ],
    'asks',
  ),
  'customer-edit': scene(
    customer('outside', ['click', 'customer-edit'], ['focus', 'customer-name']),
    'onCustomers',
  ),
  'customer-card': unknown(
    customer('outside', ['click', 'customer-replace-card'], ['focus', 'customer-new-card']),
    'inCardField',
  ),
  'mypage-pick': scene(
    [
      ['open', 'customers', 'mypage'],
      ['shown', 'mypage-search'],
    ],
    'onMypage',
  ),
  mypage: scene([hand('outside'), ['open', 'customers', 'mypage'], ['shown', 'mypage-row']], 'onMypage'),
  'mypage-void': scene(
    [
      hand('banned'),
      ['open', 'customers', 'mypage'],
      ['click', 'mypage-correct'],
      ['shown', 'correction-voidPenalty'],
      // A menu takes no key for half a second after it has the focus, which comes late on the first pages of a window.
      ['rest', 1_500],
      ['click', 'correction-voidPenalty'],
      ['shown', 'void-dialog'],
    ],
    'onMypage',
  ),
  site: scene([
    ['open', 'site', 'site'],
    ['shown', 'site-screen'],
  ]),
  'plan-drawing': scene(
    [
      ['open', 'site', 'plan'],
      ['click', 'plan-first'],
      ['click', 'plan-add-area'],
      ['focus', 'plan-name'],
    ],
    'asks',
  ),
  review: scene(
    [
      ['open', 'review', 'review'],
      ['shown', 'review-screen'],
    ],
    'onReview',
  ),
  'review-letters': scene(
    [
      ['open', 'review', 'review'],
      ['write', 'review-customer', '강'],
    ],
    'onReview',
  ),
  late: scene([
    ['open', 'review', 'late'],
    ['shown', 'late-screen'],
  ]),
  'late-customer': scene(
    [
      ['open', 'review', 'late'],
      ['write', 'late-customer-1', ''],
      ['focus', 'late-customer-1'],
    ],
    'inField',
  ),
  'late-unknown': scene(
    [
      ['open', 'review', 'late'],
      ['write', 'late-customer-1', ''],
      ['focus', 'late-customer-1'],
    ],
    'notInField',
    { isUnknown: true },
  ),
  link: scene(
    customer('outside', ['click', 'customer-link'], ['shown', 'link-dialog'], ['focus', 'link-find']),
    'inField',
  ),
  'why-screen': scene([hand('banned'), ['open', 'customers', 'why'], ['shown', 'why-screen']], 'onWhy'),
  'customer-view': scene(
    [
      hand('outside'),
      ['open', 'customers', 'mypage'],
      ['click', 'mypage-facing'],
      ['shown', 'customer-view'],
    ],
    'onMypage',
  ),
  travel: scene(
    [hand('outside'), ['open', 'customers', 'mypage'], ['click', 'mypage-travel'], ['shown', 'travel']],
    'onMypage',
  ),
  day: scene([
    ['open', 'reports', 'day'],
    ['shown', 'day-screen'],
  ]),
  'close-day': scene([
    ['open', 'reports', 'day'],
    ['click', 'day-close'],
    ['shown', 'close-day-dialog'],
  ]),
  period: scene([
    ['open', 'reports', 'period'],
    ['shown', 'period-screen'],
  ]),
  receipts: scene(
    [
      ['open', 'reports', 'receipts'],
      ['focus', 'receipts-search'],
    ],
    'onReceipts',
  ),
  slip: scene(
    customer('outside', ['click', 'customer-print-balance'], ['focus', 'slip-system']),
    'onCustomers',
  ),
  rules: scene([
    ['open', 'operation', 'rules'],
    ['shown', 'rules-set'],
  ]),
  person: scene([
    ['open', 'operation', 'people'],
    ['click', 'settings-person-new'],
    ['focus', 'settings-person-name'],
  ]),
  traces: scene([
    ['open', 'system', 'traces'],
    ['focus', 'traces-find'],
  ]),
  guide: scene([
    ['press', 'F1'],
    ['click', 'open-guide'],
    ['focus', 'guide-search'],
  ]),
  sync: scene([
    ['open', 'system', 'sync'],
    ['shown', 'sync-screen'],
  ]),
  services: scene([
    ['open', 'system', 'services'],
    ['shown', 'services-screen'],
  ]),
  settings: scene([
    ['open', 'operation', 'areas'],
    ['focus', 'settings-facility-name'],
  ]),
  'settings-typed': scene(
    [
      ['open', 'operation', 'areas'],
      ['write', 'settings-facility-name', '한빛역 환승'],
    ],
    'asks',
  ),
  'settings-try': scene(
    [
      ['click', 'rail-settings'],
      ['focus', 'settings-scanner-try'],
    ],
    'measured',
    {
      isRaw: true,
    },
  ),
};
