/**
 * The scenes of `npm run screens`: each opens a screen or a dialog from the desk of the demonstration's facility. The
 * page is loaded again before each.
 */
const find = async (page, text) => {
  await page.type('search', text);
  await page.waitFor('verdict');
};
const INSIDE = '고명숙';
const OUTSIDE = '이수빈';
const BANNED = 'NS-2204-0391';

export const SCENES = {
  'desk-nobody': async () => {},
  'desk-allowed': (page) => find(page, INSIDE),
  'desk-banned': (page) => find(page, BANNED),
  'desk-inside': async (page) => {
    await page.press('Control', 'i');
  },
  'area-picker': async (page) => {
    await find(page, OUTSIDE);
    await page.press('F2');
    await page.waitFor('area-picker');
  },
  pay: async (page) => {
    await find(page, OUTSIDE);
    await page.press('F4');
    await page.waitFor('pay-dialog');
  },
  impose: async (page) => {
    await find(page, BANNED);
    await page.press('F6');
    await page.waitFor('impose-dialog');
  },
  deduct: async (page) => {
    await find(page, BANNED);
    await page.press('F7');
    await page.waitFor('deduct-dialog');
  },
  why: async (page) => {
    await find(page, BANNED);
    await page.press('F9');
    await page.waitFor('why');
  },
  register: async (page) => {
    await page.press('Control', 'n');
    await page.waitFor('register-dialog');
  },
  keys: async (page) => {
    await page.press('F1');
    await page.waitFor('keys-help');
  },
  palette: async (page) => {
    await page.press('Control', 'k');
    await page.waitFor('palette-search');
  },
  mypage: async (page) => {
    await find(page, BANNED);
    await page.press('F8');
    await page.waitFor('mypage-row');
  },
  customers: (page) => page.click('rail-customers'),
  sync: (page) => page.click('rail-sync'),
  services: (page) => page.click('rail-services'),
  settings: (page) => page.click('rail-settings'),
};
