import { SCREENS } from '../lib/places.mjs';
import { click, find, findCustomer, open, openMypage, pause, press, scene, shown, type } from './steps.mjs';

const ADDRESSES = {
  empty: '?seed=empty',
  offline: '?sync=offline&plan=true',
  long: '?seed=crowd&sync=online&replication=long&services=many&printer=away&receipts=many&plan=true',
};

/** The calls that fail on each screen, where a read fails; a screen that reads nothing has the refusal of what it records. */
const FAILING = {
  desk: ['searchCustomers', 'occupancy', 'recentEntries'],
  site: ['occupancy'],
  plan: ['plans'],
  review: ['review'],
  late: [],
  customers: ['searchCustomers'],
  mypage: ['mypage', 'chart'],
  why: ['why'],
  day: ['day'],
  period: ['period'],
  receipts: ['slipEntries', 'printer'],
  areas: [],
  rules: ['rulesEditor', 'ruleSets'],
  people: ['staffMembers', 'permissions', 'whoDidWhat', 'recorders'],
  privacy: ['accessLog', 'accessLogStatus', 'keeping'],
  sync: ['syncView'],
  services: ['services'],
  traces: ['traces'],
  connections: ['connection', 'pairing', 'gateway', 'tokens', 'mypageEngine', 'tracing'],
  backup: ['backupSchedule'],
  settings: ['printer', 'updates'],
};

/** Whom each seed has with the most to show. */
const CUSTOMER = { offline: 'NS-2204-0391', long: 'NS-9007-19925' };

/** How to open a screen: those about a customer with one, if there is one. */
const stepsOf = (screen, state) => {
  const customer = CUSTOMER[state];
  const ways = {
    desk: [find(customer)],
    customers: [findCustomer(customer)],
    mypage: [openMypage(customer)],
    why: [find(customer), open('why'), shown('why-screen')],
  };
  return [...((customer && ways[screen]) ?? [open(screen)]), pause(500)];
};

const refusedSteps = {
  late: [
    ...[open('review'), click('review-late'), shown('late-screen'), type('late-customer-1', '김')],
    ...[click('late-submit'), pause(300)],
  ],
  areas: [open('areas'), type('settings-area-new-name', '남측'), press('Enter'), pause(500)],
};

const failedScene = (screen) => {
  const failing = FAILING[screen];
  if (failing.length === 0) return scene(refusedSteps[screen], { at: '?recordFailure=disk_full' });
  const steps = screen === 'why' ? [find(CUSTOMER.offline), open('why')] : [open(screen)];
  return scene([...(screen === 'mypage' ? [find(CUSTOMER.offline), press('F8')] : steps), pause(500)], {
    at: `?failing=${failing.join(',')}&sync=online&plan=true`,
  });
};

/** Each screen of the rail when it has nothing to show, can't read, is offline, and has too much to show. */
export const STATES = Object.fromEntries(
  Object.values(SCREENS)
    .flat()
    .flatMap((screen) => [
      ...Object.entries(ADDRESSES).map(([state, at]) => [
        `${state}-${screen}`,
        scene(stepsOf(screen, state), { at }),
      ]),
      [`error-${screen}`, failedScene(screen)],
    ]),
);
