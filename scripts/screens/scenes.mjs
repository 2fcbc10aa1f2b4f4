/**
 * The scenes of `npm run screens`: each opens a screen or a dialog. `at` is the mock's scenario in the address, `shown`
 * the element with which the page is ready, `pages` the most pages that it may have on paper. The page is loaded again
 * before each.
 */
const find = async (page, text) => {
  await page.type('search', text);
  await page.waitFor('verdict');
};
const INSIDE = '고명숙';
const OUTSIDE = '이수빈';
const FORGOTTEN = '문태경';
const BANNED = 'NS-2204-0391';
/** The customer of the crowd with the longest name and the largest balance. */
const RICHEST = 'NS-9007-19925';
/** Another one, who may smoke. */
const RICH_ALLOWED = 'NS-9007-00001';

const scene = (open, more = {}) => ({ open, ...more });
const CROWD = { at: '?seed=crowd' };
const CLUSTER = { at: '?sync=online&replication=trouble' };
const SERVICES = { at: '?services=ok' };
const ENGLISH = { at: '?language=en' };
const NEW = { at: '?seed=new', shown: 'setup-screen' };

const openMypage = async (page, text) => {
  await find(page, text);
  await page.press('F8');
  await page.waitFor('mypage-row');
};
const findCustomer = async (page, text) => {
  await page.click('rail-customers');
  await page.type('customers-search', text);
  await page.pause(300);
  await page.clickOf('customer-row', 0);
  await page.waitFor('customer-detail');
};
const onTerminal = async (page, index, item) => {
  await page.click('rail-sync');
  await page.waitFor('terminal-actions');
  await page.pause(500);
  await page.clickOf('terminal-actions', index);
  await page.click(item);
};
const settings = (section) => async (page) => {
  await page.click('rail-settings');
  await page.pause(600);
  await page.click(`settings-nav-${section}`);
};
const SECTIONS = ['areas', 'connection', 'pairing', 'mypage', 'tracing', 'backup', 'about'];

/** Answers the steps of the set-up before this one. */
const setUpUntil = (step) => async (page) => {
  if (step >= 2) {
    await page.type('setup-facility', '한빛역 환승센터');
    await page.click('setup-next');
    await page.waitFor('setup-area-1');
  }
  if (step >= 3) {
    await page.type('setup-area-1', '동문 흡연구역');
    await page.click('setup-next');
    await page.waitFor('setup-manager');
  }
};

export const SCENES = {
  'desk-nobody': scene(async () => {}),
  'desk-allowed': scene((page) => find(page, INSIDE)),
  'desk-banned': scene((page) => find(page, BANNED)),
  'desk-forgotten': scene((page) => find(page, FORGOTTEN)),
  'desk-offline': scene((page) => find(page, OUTSIDE), { at: '?sync=offline' }),
  'desk-inside': scene(async (page) => {
    await page.press('Control', 'i');
  }),
  'area-picker': scene(async (page) => {
    await find(page, OUTSIDE);
    await page.press('F2');
    await page.waitFor('area-picker');
  }),
  'area-picker-override': scene(async (page) => {
    await find(page, BANNED);
    await page.press('F2');
    await page.waitFor('override');
  }),
  pay: scene(async (page) => {
    await find(page, OUTSIDE);
    await page.press('F4');
    await page.waitFor('pay-dialog');
  }),
  impose: scene(async (page) => {
    await find(page, BANNED);
    await page.press('F6');
    await page.waitFor('impose-dialog');
  }),
  deduct: scene(async (page) => {
    await find(page, BANNED);
    await page.press('F7');
    await page.waitFor('deduct-dialog');
  }),
  why: scene(async (page) => {
    await find(page, BANNED);
    await page.press('F9');
    await page.waitFor('why');
  }),
  register: scene(async (page) => {
    await page.press('Control', 'n');
    await page.waitFor('register-dialog');
  }),
  edit: scene(async (page) => {
    await find(page, OUTSIDE);
    await page.click('edit-customer');
    await page.waitFor('edit-dialog');
  }),
  'everyone-out': scene(async (page) => {
    await page.press('Control', 'i');
    await page.click('everyone-out');
    await page.waitFor('everyone-out-dialog');
  }),
  'close-visit': scene(async (page) => {
    await page.press('Control', 'i');
    await page.waitFor('area-turn');
    await page.scrollToEnd('inside-pane');
    await page.click('close-visit');
    await page.waitFor('close-visit-dialog');
  }),
  evacuation: scene(
    async (page) => {
      await page.press('Control', 'i');
      await page.click('evacuation');
      await page.waitFor('evacuation-dialog');
    },
    { pages: 1 },
  ),
  keys: scene(async (page) => {
    await page.press('F1');
    await page.waitFor('keys-help');
  }),
  palette: scene(async (page) => {
    await page.press('Control', 'k');
    await page.waitFor('palette-search');
  }),
  mypage: scene((page) => openMypage(page, BANNED)),
  'mypage-rows': scene(async (page) => {
    await openMypage(page, BANNED);
    await page.scrollTo('mypage-row');
  }),
  'mypage-pick': scene((page) => page.click('rail-mypage')),
  customers: scene((page) => page.click('rail-customers')),
  'customer-chosen': scene((page) => findCustomer(page, BANNED)),
  'customer-new': scene(async (page) => {
    await page.click('rail-customers');
    await page.click('customer-new');
    await page.waitFor('customer-form');
  }),
  'customer-edit': scene(async (page) => {
    await findCustomer(page, BANNED);
    await page.click('customer-edit');
    await page.waitFor('customer-form');
  }),
  'customer-card': scene(async (page) => {
    await findCustomer(page, BANNED);
    await page.click('customer-replace-card');
    await page.waitFor('customer-new-card');
  }),
  import: scene(async (page) => {
    await page.click('rail-customers');
    await page.click('import-open');
    await page.waitFor('import-view');
  }),
  'sync-alone': scene((page) => page.click('rail-sync')),
  sync: scene((page) => page.click('rail-sync'), CLUSTER),
  'sync-calm': scene((page) => page.click('rail-sync'), { at: '?sync=online' }),
  'sync-raw': scene(async (page) => {
    await page.click('rail-sync');
    await page.click('quarantined-raw');
    await page.waitFor('raw-dialog');
  }, CLUSTER),
  'sync-menu': scene(async (page) => {
    await page.click('rail-sync');
    await page.waitFor('terminal-actions');
    await page.pause(500);
    await page.clickOf('terminal-actions', 1);
    await page.waitFor('terminal-retire');
  }, CLUSTER),
  retire: scene(async (page) => {
    await onTerminal(page, 1, 'terminal-retire');
    await page.waitFor('retire-consequences');
  }, CLUSTER),
  reclaim: scene(async (page) => {
    await page.click('rail-sync');
    await page.waitFor('terminal-actions');
    await page.pause(500);
    await page.clickIn('[data-silent]', 'terminal-actions');
    await page.click('terminal-reclaim');
    await page.waitFor('reclaim-out');
  }, CLUSTER),
  services: scene((page) => page.click('rail-services'), SERVICES),
  'services-stopped': scene((page) => page.click('rail-services'), { at: '?services=stopped' }),
  'services-many': scene((page) => page.click('rail-services'), { at: '?services=many' }),
  traces: scene(async (page) => {
    await page.click('rail-services');
    await page.click('tab-traces');
    await page.waitFor('span');
  }, SERVICES),
  'traces-span': scene(async (page) => {
    await page.click('rail-services');
    await page.click('tab-traces');
    await page.clickOf('span', 1);
    await page.waitFor('span-detail');
  }, SERVICES),
  settings: scene((page) => page.click('rail-settings')),
  'settings-demonstration': scene((page) => page.click('rail-settings'), { at: '?demonstration=true' }),
  ...Object.fromEntries(
    SECTIONS.map((section) => [`settings-${section}`, scene(settings(section), { at: '?sync=online' })]),
  ),
  'settings-area-edit': scene(async (page) => {
    await settings('areas')(page);
    await page.click('settings-area-edit');
  }),
  'settings-area-retire': scene(async (page) => {
    await page.click('rail-settings');
    await page.clickOf('settings-area-retire', 0);
    await page.waitFor('settings-area-retire-confirm');
  }),
  'settings-restore': scene(async (page) => {
    await page.click('rail-settings');
    await page.click('settings-restore');
    await page.waitFor('settings-restore-confirm');
  }),
  'set-up': scene(async () => {}, NEW),
  'set-up-areas': scene(setUpUntil(2), NEW),
  'set-up-staff': scene(setUpUntil(3), NEW),
  join: scene(async (page) => {
    await page.click('setup-join');
    await page.waitFor('join-code');
  }, NEW),
  failed: scene(async () => {}, { at: '?startFailure=storage_corrupt', shown: 'failed-retry' }),
  'crowd-desk': scene((page) => find(page, RICHEST), CROWD),
  'crowd-allowed': scene((page) => find(page, RICH_ALLOWED), CROWD),
  'crowd-nobody': scene(async () => {}, CROWD),
  'crowd-search': scene((page) => find(page, '프란'), CROWD),
  'crowd-inside': scene(async (page) => {
    await page.press('Control', 'i');
  }, CROWD),
  'crowd-area-picker': scene(async (page) => {
    await find(page, OUTSIDE);
    await page.press('F2');
    await page.waitFor('area-picker');
  }, CROWD),
  'crowd-area-found': scene(async (page) => {
    await find(page, OUTSIDE);
    await page.press('F2');
    await page.type('area-find', 'ㅈㅊㅈ');
  }, CROWD),
  'crowd-pay': scene(async (page) => {
    await find(page, RICHEST);
    await page.press('F4');
    await page.waitFor('pay-dialog');
  }, CROWD),
  'crowd-impose': scene(async (page) => {
    await find(page, RICHEST);
    await page.press('F6');
    await page.waitFor('impose-dialog');
  }, CROWD),
  'crowd-why': scene(async (page) => {
    await find(page, RICHEST);
    await page.press('F9');
    await page.waitFor('why');
  }, CROWD),
  'crowd-evacuation': scene(
    async (page) => {
      await page.press('Control', 'i');
      await page.click('evacuation');
      await page.waitFor('evacuation-dialog');
    },
    { ...CROWD, pages: 8 },
  ),
  'crowd-mypage': scene((page) => openMypage(page, RICHEST), CROWD),
  'crowd-mypage-rows': scene(async (page) => {
    await openMypage(page, RICHEST);
    await page.scrollTo('mypage-row');
  }, CROWD),
  'crowd-void': scene(async (page) => {
    await openMypage(page, RICHEST);
    await page.click('mypage-void');
    await page.waitFor('void-dialog');
  }, CROWD),
  'crowd-customers': scene((page) => findCustomer(page, RICHEST), CROWD),
  'crowd-customer-list': scene((page) => page.click('rail-customers'), CROWD),
  'english-desk': scene((page) => find(page, BANNED), ENGLISH),
  'english-mypage': scene((page) => openMypage(page, BANNED), ENGLISH),
  'english-customers': scene((page) => findCustomer(page, BANNED), ENGLISH),
  'english-sync': scene((page) => page.click('rail-sync'), { at: `${CLUSTER.at}&language=en` }),
  'english-services': scene((page) => page.click('rail-services'), { at: `${SERVICES.at}&language=en` }),
  'english-settings': scene((page) => page.click('rail-settings'), ENGLISH),
  'english-set-up': scene(async () => {}, { ...NEW, at: `${NEW.at}&language=en` }),
};
