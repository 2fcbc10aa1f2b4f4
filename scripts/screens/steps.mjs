import { hasSectionList, placeOf, screenOfSection } from '../lib/places.mjs';

/**
 * The steps of a scene: each is a function of the page (`scripts/screens/page.mjs`). An `id` is a `data-testid`.
 */
export const click = (id) => (page) => page.click(id);
/** Presses the button at a place (from 0) among those with the same id. */
export const clickOf = (id, index) => (page) => page.clickOf(id, index);
/** Presses the button inside the first element that a selector means. */
export const clickIn = (css, id) => (page) => page.clickIn(css, id);
export const press =
  (...keys) =>
  (page) =>
    page.press(...keys);
export const type = (id, text) => (page) => page.type(id, text);
/** Puts a text into a field at once. */
export const fill = (id, text) => (page) => page.fill(id, text);
export const shown = (id) => (page) => page.waitFor(id);
export const pause = (ms) => (page) => page.pause(ms);
export const scrollTo = (id) => (page) => page.scrollTo(id);
export const scrollToEnd = (id) => (page) => page.scrollToEnd(id);
/** Types as fast as a scanner does. */
export const scan = (card) => (page) => page.press(...card, 'Enter');

const all =
  (...steps) =>
  async (page) => {
    for (const step of steps) await step(page);
  };

/** Opens a screen by the rail, and by its tab if its place has several. */
export const open = (screen) => async (page) => {
  await page.click(`rail-${placeOf(screen)}`);
  await page.clickIfThere(`[data-testid="tab-${screen}"][aria-selected="false"]`);
};
/** Takes a customer in hand at the desk. */
export const find = (text) => all(type('search', text), shown('verdict'));
export const openMypage = (text) => all(find(text), press('F8'), shown('mypage-row'));
export const findCustomer = (text) =>
  all(
    open('customers'),
    type('customers-search', text),
    pause(300),
    clickOf('customer-row', 0),
    shown('customer-detail'),
  );
/** Fills the form of a new customer with the phone of somebody who is here already. */
export const alike = all(
  fill('customer-name', '강하늘'),
  fill('customer-phone', '010-2190-1190'),
  click('customer-submit'),
  shown('alike'),
);
/** Waits for the list of terminals, which moves until their heartbeats have come. */
export const terminals = all(open('sync'), shown('terminal-actions'), pause(500));
/** Opens the screen with a section, at that section. */
export const settings = (section) =>
  all(
    open(screenOfSection(section)),
    pause(600),
    ...(hasSectionList(section) ? [click(`settings-nav-${section}`)] : []),
  );

/** Answers the steps of the set-up before this one. */
export const setUpUntil = (step) =>
  all(
    ...(step >= 2
      ? [type('setup-facility', '한빛역 환승센터'), click('setup-next'), shown('setup-area-1')]
      : []),
    ...(step >= 3
      ? [type('setup-area-1', '동문 흡연구역'), click('setup-next'), shown('setup-manager')]
      : []),
  );

/**
 * A scene: a screen or dialog, and how to open it. `at` is the mock's scenario in the address, `ready` the element with
 * which the page is ready, `pages` the most pages that it may have on paper.
 */
export const scene = (steps, { at = '', ready = 'search', pages } = {}) => ({
  at,
  ready,
  pages,
  open: all(...steps),
});
