import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { remote } from 'webdriverio';
import { startDriver } from './driver.mjs';
import { chord } from './keys.mjs';

/** Waits end when what they wait for is there; only a failing test waits as long as a loaded machine might need. */
const WAIT_TIMEOUT_MS = 30_000;
/** The very first window of a fresh machine reads every library and font from the disk. */
const FIRST_PAINT_TIMEOUT_MS = 60_000;
const SCREENSHOT_TIMEOUT_MS = 60_000;
const EXIT_TIMEOUT_MS = 5_000;

const selectorOf = (id) => (/[ .#[>]/.test(id) ? id : `[data-testid="${id}"]`);

/** The program in its real window, on one terminal's folder. */
export class Desk {
  #driver;
  #binary;
  #pictures;
  #mark;

  static async open({ binary, folder, display, pictures, environment = {} }) {
    // Tells this window's process from another one on the same folder.
    const mark = `NOSMOKE_TEST_WINDOW=${randomUUID()}`;
    const driver = await startDriver({
      ...folder.environment(),
      DISPLAY: display,
      ...environment,
      NOSMOKE_TEST_WINDOW: mark.split('=')[1],
    });
    try {
      const browser = await remote({
        hostname: '127.0.0.1',
        port: driver.port,
        logLevel: 'silent',
        connectionRetryCount: 0,
        waitforTimeout: WAIT_TIMEOUT_MS,
        capabilities: {
          'webkitgtk:browserOptions': { binary, args: [] },
          'wdio:enforceWebDriverClassic': true,
        },
      });
      const desk = new Desk(browser, driver, binary, folder, pictures, mark);
      // biome-ignore lint/performance/useDomNodeTextContent: only text that is rendered shows a screen.
      const isPainted = () => (document.getElementById('root')?.innerText.trim().length ?? 0) > 0;
      await desk.until(() => desk.run(isPainted), 'the first screen is shown', {
        timeoutMs: FIRST_PAINT_TIMEOUT_MS,
      });
      return desk;
    } catch (error) {
      await driver.stop();
      error.message += `\nThe program said:\n${driver.output()}`;
      throw error;
    }
  }

  constructor(browser, driver, binary, folder, pictures, mark) {
    /** The webdriverio session, for what has no method here. */
    this.browser = browser;
    this.folder = folder;
    this.closed = false;
    this.#driver = driver;
    this.#binary = realpathSync(binary);
    this.#pictures = pictures;
    this.#mark = mark;
  }

  /** An element by its `data-testid`; a selector that has a space or one of `.#[>` is taken as CSS. */
  find(id) {
    return this.browser.$(selectorOf(id));
  }

  findAll(id) {
    return this.browser.$$(selectorOf(id));
  }

  async waitFor(id, { timeoutMs = WAIT_TIMEOUT_MS, text } = {}) {
    const isShown = (selector) => (document.querySelector(selector)?.getClientRects().length ?? 0) > 0;
    await this.until(() => this.run(isShown, selectorOf(id)), `"${id}" is shown`, { timeoutMs });
    if (text !== undefined)
      await this.until(() => this.has(id, text), `"${id}" shows ${text}`, { timeoutMs });
    return this.find(id);
  }

  async waitGone(id, { timeoutMs = WAIT_TIMEOUT_MS } = {}) {
    const isGone = (selector) => document.querySelector(selector) === null;
    await this.until(() => this.run(isGone, selectorOf(id)), `"${id}" is gone`, { timeoutMs });
  }

  /** Waits until `condition` gives something true, and gives that back; `what` says in the error what was awaited. */
  until(condition, what, { timeoutMs = WAIT_TIMEOUT_MS } = {}) {
    return this.browser.waitUntil(condition, {
      timeout: timeoutMs,
      interval: 50,
      timeoutMsg: `not within ${timeoutMs} ms: ${what}`,
    });
  }

  /** Clicks what is there and at rest: a click on something that still moves to its place would miss it. */
  async click(id) {
    const element = await this.waitFor(id);
    await element.waitForClickable();
    const isAtRest = async (selector) => {
      const place = () => {
        const { x, y, width, height } = document.querySelector(selector)?.getBoundingClientRect() ?? {};
        return [x, y, width, height].join();
      };
      const before = place();
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return place() === before;
    };
    await this.until(() => this.run(isAtRest, selectorOf(id)), `"${id}" is at rest`);
    await element.click();
  }

  /** From now on the page itself clicks the element the moment it is there: faster than a driver could. */
  clickOnceShown(id) {
    return this.run((selector) => {
      const watch = new MutationObserver(() => {
        const element = document.querySelector(selector);
        if (!element) return;
        watch.disconnect();
        element.click();
      });
      watch.observe(document.body, { subtree: true, childList: true });
    }, selectorOf(id));
  }

  /** Waits until the element has the cursor, so that what is typed next goes there. */
  async waitForCursor(id) {
    const hasCursor = (selector) => document.activeElement?.matches(selector) ?? false;
    await this.until(() => this.run(hasCursor, selectorOf(id)), `"${id}" has the cursor`);
  }

  /** Replaces a field's text; Hangul included. */
  async type(id, text) {
    const element = await this.waitFor(id);
    await element.setValue(text);
  }

  /** Puts a text into a field as pasting does: at once, and with what no key can type. */
  async paste(id, text) {
    const element = await this.waitFor(id);
    await element.click();
    await this.run((value) => document.execCommand('insertText', false, value), text);
  }

  /** Waits until a long work of this kind is done, puts its note away, and gives the path that it names. */
  async jobPath(kind, { timeoutMs = WAIT_TIMEOUT_MS } = {}) {
    const done = `[data-testid="job"][data-kind="${kind}"][data-state="done"]`;
    await this.waitFor(done, { timeoutMs });
    const path = await this.text(`${done} [data-selectable]`);
    await this.click(`${done} [data-testid="job-put-away"]`);
    return path;
  }

  /** Types into whatever holds the cursor, as a barcode scanner does: all at once, and a key at its end where one is named. */
  async scan(text, ...last) {
    const keys = this.browser.action('key');
    for (const key of [...text, ...last.flatMap(chord)]) keys.down(key).up(key);
    await keys.perform();
  }

  /** One key or chord after another: `press('F2', 'Enter')`, `press('Ctrl+N')`. */
  async press(...chords) {
    for (const keys of chords) await this.browser.keys(chord(keys));
  }

  /**
   * An element's text exactly as the page holds it; undefined while it isn't there. WebDriver's own way leaves out what
   * an ellipsis may cut, and what can't be selected.
   */
  async text(id) {
    return (
      (await this.run((selector) => document.querySelector(selector)?.textContent, selectorOf(id))) ??
      undefined
    );
  }

  /** Whether the element is there and shows the text; for use with `until`. */
  async has(id, text) {
    return (await this.text(id))?.includes(text) ?? false;
  }

  /** Whether the element is there and can be pressed. */
  isEnabled(id) {
    return this.run(
      (selector) => document.querySelector(selector)?.matches(':enabled:not([aria-disabled])') ?? false,
      selectorOf(id),
    );
  }

  /** Runs a function in the page. */
  run(code, ...values) {
    return this.browser.execute(code, ...values);
  }

  rows(sql, database) {
    return this.folder.rows(sql, database);
  }

  /** All that the program and its pages wrote, also to the error output. */
  output() {
    return this.#driver.output();
  }

  /** What the page complained about: its errors, its unhandled rejections, what the content policy refused. */
  pageErrors() {
    return this.output()
      .split('\n')
      .filter((line) => /(^|: )CONSOLE [A-Z ]*ERROR/.test(line));
  }

  /** Saves the window's picture and gives its path. The second frame is the first that surely shows the last change. */
  async screenshot(name) {
    await this.run(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))),
    );
    const picture = await Promise.race([
      this.browser.takeScreenshot(),
      wait(SCREENSHOT_TIMEOUT_MS, undefined, { ref: false }).then(() => {
        throw new Error(`no screenshot within ${SCREENSHOT_TIMEOUT_MS} ms`);
      }),
    ]);
    mkdirSync(this.#pictures, { recursive: true });
    const path = join(this.#pictures, `${name}.png`);
    writeFileSync(path, Buffer.from(picture, 'base64'));
    return path;
  }

  /** The program's process: the one that runs our binary with our mark. */
  processId() {
    for (const id of readdirSync('/proc')) {
      if (!/^\d+$/.test(id)) continue;
      try {
        if (readlinkSync(`/proc/${id}/exe`) !== this.#binary) continue;
        const environment = readFileSync(`/proc/${id}/environ`, 'utf8').split('\0');
        if (environment.includes(this.#mark)) return Number(id);
      } catch {
        // It ended while we looked, or belongs to someone else.
      }
    }
    return undefined;
  }

  /** Ends the program as a power cut would: no handler of it runs. */
  async kill() {
    const id = this.processId();
    if (id === undefined) throw new Error('the program is not running');
    process.kill(id, 'SIGKILL');
    await this.#end();
  }

  /** Ends the session, and with it the program; WebDriver asks no leave of it, so nothing may depend on a farewell. */
  async close() {
    if (this.closed) return;
    await this.browser.deleteSession().catch(() => {});
    await this.#end();
  }

  async #end() {
    this.closed = true;
    const deadline = Date.now() + EXIT_TIMEOUT_MS;
    while (this.processId() !== undefined && Date.now() < deadline) await wait(20);
    const left = this.processId();
    if (left !== undefined) process.kill(left, 'SIGKILL');
    await this.#driver.stop();
  }
}
