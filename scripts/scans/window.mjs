import { setTimeout as wait } from 'node:timers/promises';
import { Desk } from '../../tests/e2e/harness/desk.mjs';
import { Folder } from '../../tests/e2e/harness/folder.mjs';
import { invoke, quickSetUp, record, signIn } from '../../tests/e2e/steps.mjs';
import { startDisplay } from '../lib/display.mjs';
import { deskBinary, out } from '../lib/paths.mjs';
import { install } from './page.mjs';
import { BEFORE, CARDS } from './scenes.mjs';
import { startSender } from './sender.mjs';

const TITLE = '흡연구역 데스크';
/** Everything that somebody can have recorded or saved, as one text. */
const STATE = `SELECT
  (SELECT count(*) FROM fact) AS facts,
  (SELECT count(*) || ' profiles, ' || coalesce(sum(revision), 0) FROM profile) AS profiles,
  (SELECT count(*) || ' documents, ' || coalesce(sum(revision), 0) FROM reference) AS documents,
  (SELECT count(*) FROM note) AS notes,
  (SELECT sum(length(value)) FROM setting) AS settings`;

/** Opens the real window on a virtual display, with people for the scenes. */
export async function openWindow() {
  const display = await startDisplay();
  const folder = new Folder('scans');
  const sender = startSender(display);
  let desk;

  const open = async (environment = {}) => {
    desk = await Desk.open({
      binary: deskBinary(),
      folder,
      display: display.display,
      pictures: `${out}/scans`,
      environment,
    });
    await sender.focus(TITLE);
  };
  /** Waits for the new page: the old one has a desk too. */
  const reload = async () => {
    await desk.run(() => {
      window.isLeft = true;
      location.reload();
    });
    await desk.until(() => desk.run(() => window.isLeft !== true), 'the page is loaded again');
    await desk.waitFor('desk-screen');
  };
  await open();
  await quickSetUp(desk);
  await addPeople(desk);

  return {
    sender,
    display: display.display,
    /** Fits the program to a scanner, and begins with a fresh page. */
    async fit(scanner, isBusy) {
      await invoke(desk, 'save_preferences', {
        language: 'ko',
        theme: 'light',
        sound: false,
        zoom: 100,
        scanner,
        autoLockMinutes: 0,
      });
      await reload();
      await desk.run(install);
      if (isBusy) await desk.run(() => window.scans.keepBusy(true));
      await sender.focus(TITLE);
    },
    /** Closes the program, and opens it again with other environment variables. */
    async reopen(environment) {
      await desk.close();
      await open(environment);
      await signIn(desk);
    },
    openScene: (steps) => desk.run((all) => window.scans.open(all), steps),
    look: () => desk.run(() => window.scans.look()),
    stamps: () => desk.run(() => window.scans.stamps()),
    trace: () => desk.run(() => window.scans.trace()),
    async waitForKeys(count, timeoutMs) {
      const deadline = Date.now() + timeoutMs;
      while ((await desk.run(() => window.scans.keysSeen())) < count && Date.now() < deadline) await wait(10);
    },
    state: () => JSON.stringify(desk.rows(STATE)[0]),
    screenshot: (name) => desk.screenshot(name),
    pageErrors: () => desk.pageErrors(),
    async close() {
      await desk.close();
      await display.stop();
      folder.remove();
    },
  };
}

async function addPeople(desk) {
  const [area] = (await invoke(desk, 'start')).session.areas;
  const register = async (profile) => (await record(desk, { type: 'registerCustomer', profile })).customerId;
  const enter = async (customerId) =>
    (await record(desk, { type: 'checkIn', customerId, areaId: area.areaId })).visitId;
  for (const [who, profile] of Object.entries(BEFORE)) {
    const customerId = await register(profile);
    const visitId = await enter(customerId);
    if (who === 'inside') continue;
    await record(desk, { type: 'checkOut', visitId, points: 500_000 });
    await record(desk, { type: 'imposePenalty', customerId, points: who === 'banned' ? 50 : 10 });
  }
  for (const { name, card, isInside } of CARDS) {
    const customerId = await register({ name, card });
    if (isInside) await enter(customerId);
  }
}
