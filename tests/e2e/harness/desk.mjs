import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { remote } from 'webdriverio';
import { placeOf } from '../../../scripts/lib/places.mjs';
import { startDriver } from './driver.mjs';
import { chord } from './keys.mjs';

/** Bounds every wait. Long enough for a loaded machine; only a failing test waits so long. */
const WAIT_TIMEOUT_MS = 30_000;
/** Longer than other waits, because the first window after a boot reads all libraries and fonts from the disk. */
const FIRST_PAINT_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 50;
const LONGEST_POLL_INTERVAL_MS = 1_000;
const SCREENSHOT_TIMEOUT_MS = 60_000;
const EXIT_TIMEOUT_MS = 5_000;

const selectorOf = (id) => (/[ .#[>]/.test(id) ? id : `[data-testid="${id}"]`);

/** Writes a program that runs ours through a shell command, and returns its path. */
function wrapped(folder, binary, command) {
  const path = join(folder.path, 'through');
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  writeFileSync(path, `#!/bin/sh\nexec unshare --mount sh -c ${quoted(command)} ${quoted(binary)}\n`, {
    mode: 0o755,
  });
  return path;
}

/** Drives the program in its real window through WebDriver, on the data folder of one terminal. */
export class Desk {
  #driver;
  #binary;
  #pictures;
  #tag;

  /** `through` is a shell command that runs the program as `"$0"`, in a changed world: a full disk, another user. */
  static async open({ binary, folder, display, pictures, environment = {}, through }) {
    // An environment variable by which `processId` recognises the process of this window.
    const tag = `NOSMOKE_TEST_WINDOW=${randomUUID()}`;
    const driver = await startDriver({
      ...folder.environment(),
      DISPLAY: display,
      ...environment,
      NOSMOKE_TEST_WINDOW: tag.split('=')[1],
    });
    try {
      const browser = await remote({
        hostname: '127.0.0.1',
        port: driver.port,
        logLevel: 'silent',
        connectionRetryCount: 0,
        waitforTimeout: WAIT_TIMEOUT_MS,
        capabilities: {
          'webkitgtk:browserOptions': {
            binary: through ? wrapped(folder, binary, through) : binary,
            args: [],
          },
          'wdio:enforceWebDriverClassic': true,
        },
      });
      const desk = new Desk(browser, driver, binary, folder, pictures, tag);
      // biome-ignore lint/performance/useDomNodeTextContent: only innerText tells that text is rendered.
      const isPainted = () => document.body.innerText.trim().length > 0;
      await desk.until(() => desk.run(isPainted), 'the first screen is shown', {
        timeoutMs: FIRST_PAINT_TIMEOUT_MS,
      });
      return desk;
    } catch (error) {
      await driver.stop();
      error.message += `\nOutput of the program:\n${driver.output()}`;
      throw error;
    }
  }

  constructor(browser, driver, binary, folder, pictures, tag) {
    /** The webdriverio session, for calls without a method here. */
    this.browser = browser;
    this.folder = folder;
    this.closed = false;
    this.#driver = driver;
    this.#binary = realpathSync(binary);
    this.#pictures = pictures;
    this.#tag = tag;
  }

  /** Finds an element by its `data-testid`; an argument with a space or one of `.#[>` is a CSS selector. */
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

  /**
   * Polls `condition` until it returns a truthy value, and returns that; `what` describes it in the timeout error. Polls
   * more rarely the longer it takes, since each look costs the page processor time.
   */
  async until(condition, what, { timeoutMs = WAIT_TIMEOUT_MS } = {}) {
    const begun = Date.now();
    for (;;) {
      let cause;
      // A look fails while the page is loading.
      const value = await Promise.resolve()
        .then(condition)
        .catch((error) => {
          cause = error;
        });
      if (value) return value;
      const passed = Date.now() - begun;
      if (passed >= timeoutMs) throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause });
      await wait(Math.min(Math.max(passed / 10, POLL_INTERVAL_MS), LONGEST_POLL_INTERVAL_MS));
    }
  }

  /** Waits until the element is shown and has stopped moving, and clicks it; a click during an animation would miss. */
  async click(id) {
    const element = await this.waitFor(id);
    await element.waitForClickable();
    const hasStopped = async (selector) => {
      const position = () => {
        const { x, y, width, height } = document.querySelector(selector)?.getBoundingClientRect() ?? {};
        return [x, y, width, height].join();
      };
      const before = position();
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return position() === before;
    };
    await this.until(() => this.run(hasStopped, selectorOf(id)), `"${id}" has stopped moving`);
    await element.click();
  }

  /** Opens a screen by the rail, and by its tab if its place has several. */
  async openScreen(screen) {
    await this.click(`rail-${placeOf(screen)}`);
    const tab = `[data-testid="tab-${screen}"][aria-selected="false"]`;
    if ((await this.findAll(tab)).length > 0) await this.click(tab);
  }

  /** Waits until the element has the focus, so that typed text goes into it. */
  async waitForCursor(id) {
    const hasCursor = (selector) => document.activeElement?.matches(selector) ?? false;
    await this.until(() => this.run(hasCursor, selectorOf(id)), `"${id}" has the cursor`);
  }

  /** Replaces a field's text, any characters, without keys: those of the driver are so quick that they are a scan. */
  async type(id, text) {
    const element = await this.waitFor(id);
    await element.clearValue();
    const insert = (selector, value) => {
      const field = document.querySelector(selector);
      field.focus();
      // A field for numbers shows its default again once it was cleared.
      field.select();
      document.execCommand('insertText', false, value);
    };
    await this.run(insert, selectorOf(id), text);
  }

  /** Inserts a text into a field as pasting does: at once, and with characters that no key can type. */
  async paste(id, text) {
    const element = await this.waitFor(id);
    await element.click();
    await this.run((value) => document.execCommand('insertText', false, value), text);
  }

  /** Waits until a job of this kind is done, dismisses the job's notice, and returns the path shown in the notice. */
  async jobPath(kind, { timeoutMs = WAIT_TIMEOUT_MS } = {}) {
    const done = `[data-testid="job"][data-kind="${kind}"][data-state="done"]`;
    await this.waitFor(done, { timeoutMs });
    const path = await this.text(`${done} [data-selectable]`);
    await this.click(`${done} [data-testid="job-put-away"]`);
    return path;
  }

  /** Types into the focused element as a barcode scanner does: all at once, followed by the given keys. */
  async scan(text, ...last) {
    const keys = this.browser.action('key');
    for (const key of [...text, ...last.flatMap(chord)]) keys.down(key).up(key);
    await keys.perform();
  }

  /** Presses keys or chords one after another: `press('F2', 'Enter')`, `press('Ctrl+N')`. */
  async press(...chords) {
    for (const keys of chords) await this.browser.keys(chord(keys));
  }

  /**
   * Returns an element's text content, or undefined while it doesn't exist. WebDriver's own method leaves out text that
   * an ellipsis hides or that can't be selected. A space that keeps a number and its unit on one line is a plain space
   * here.
   */
  async text(id) {
    const content = (selector) => document.querySelector(selector)?.textContent.replaceAll('\u00a0', ' ');
    return (await this.run(content, selectorOf(id))) ?? undefined;
  }

  /** Whether the element exists and contains the text; for use with `until`. */
  async has(id, text) {
    return (await this.text(id))?.includes(text) ?? false;
  }

  /** Whether the element exists and is enabled. */
  isEnabled(id) {
    return this.run(
      (selector) => document.querySelector(selector)?.matches(':enabled:not([aria-disabled])') ?? false,
      selectorOf(id),
    );
  }

  /** Runs a function in the page and returns its result. */
  run(code, ...values) {
    return this.browser.execute(code, ...values);
  }

  rows(sql, database) {
    return this.folder.rows(sql, database);
  }

  /** Returns stdout and stderr of the program and its pages. */
  output() {
    return this.#driver.output();
  }

  /**
   * Returns the page's errors from the output: exceptions, unhandled rejections and violations of the content security
   * policy.
   */
  pageErrors() {
    return this.output()
      .split('\n')
      .filter((line) => /(^|: )CONSOLE [A-Z ]*ERROR/.test(line));
  }

  /**
   * Saves a screenshot and returns its path. Waits two animation frames, since only the second shows the last change.
   */
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

  /** Returns the id of the process that runs our binary with our tag in its environment. */
  processId() {
    for (const id of readdirSync('/proc')) {
      if (!/^\d+$/.test(id)) continue;
      try {
        if (readlinkSync(`/proc/${id}/exe`) !== this.#binary) continue;
        const environment = readFileSync(`/proc/${id}/environ`, 'utf8').split('\0');
        if (environment.includes(this.#tag)) return Number(id);
      } catch {
        // The process has ended meanwhile, or belongs to another user.
      }
    }
    return undefined;
  }

  /** Kills the program with SIGKILL, so that none of its handlers runs. */
  async kill() {
    const id = this.processId();
    if (id === undefined) throw new Error('the program is not running');
    process.kill(id, 'SIGKILL');
    await this.#end();
  }

  /**
   * Ends the WebDriver session and with it the program. The program gets no close event, so saving its data must not
   * depend on one.
   */
  async close() {
    if (this.closed) return;
    await this.browser.deleteSession().catch(() => {});
    await this.#end();
  }

  /** Waits until the program has ended by itself. */
  async ended({ timeoutMs = WAIT_TIMEOUT_MS } = {}) {
    const deadline = Date.now() + timeoutMs;
    while (this.processId() !== undefined) {
      if (Date.now() > deadline) throw new Error(`the program still runs after ${timeoutMs} ms`);
      await wait(20);
    }
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
