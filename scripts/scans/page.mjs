/**
 * What the runner of scans does inside the page. `install` runs in the page, so it uses nothing from this file: it makes
 * `window.scans`, with which one call can open a whole scene.
 */
export function install() {
  const TIMEOUT_MS = 15_000;
  const selectorOf = (id) => (/[ .#[>]/.test(id) ? id : `[data-testid="${id}"]`);
  const find = (id) => document.querySelector(selectorOf(id));
  const isShown = (id) => (find(id)?.getClientRects().length ?? 0) > 0;
  const turn = () => new Promise((resolve) => setTimeout(resolve, 16));
  const until = async (condition, what) => {
    const deadline = Date.now() + TIMEOUT_MS;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`not reached: ${what}`);
      await turn();
    }
  };
  const setValue = (field, text) => {
    const prototype = field instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(prototype.prototype, 'value').set.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const press = (key) => {
    const [code, ctrlKey] = key.startsWith('Ctrl ') ? [key.slice(5), true] : [key, false];
    const name = /^[A-Z]$/.test(code) ? code.toLowerCase() : code;
    const init = { key: name, code: /^[A-Z]$/.test(code) ? `Key${code}` : code, ctrlKey };
    const target = document.activeElement ?? document.body;
    // Pressed and released: the detector of scans remembers a key that is held.
    for (const type of ['keydown', 'keyup'])
      target.dispatchEvent(new KeyboardEvent(type, { ...init, bubbles: true, cancelable: true }));
  };
  const nameInHand = () => find('customer-name-shown')?.textContent ?? null;
  const dialogs = () => [...document.querySelectorAll('[role="dialog"]')];

  const does = {
    click: async (id) => {
      await until(
        () => isShown(id) && !find(id).matches(':disabled, [aria-disabled="true"]'),
        `${id} is shown`,
      );
      find(id).click();
    },
    shown: (id) => until(() => isShown(id), `${id} is shown`),
    write: async (id, text) => {
      await until(() => isShown(id), `${id} is shown`);
      find(id).focus();
      setValue(find(id), text);
    },
    focus: async (id) => {
      await until(() => isShown(id), `${id} is shown`);
      find(id).focus();
      await until(() => document.activeElement === find(id), `${id} has the cursor`);
    },
    /** Opens a screen by the rail, and by its tab if its place has several. */
    open: async (place, screen) => {
      await does.click(`rail-${place}`);
      if (isShown(`tab-${screen}`)) await does.click(`tab-${screen}`);
    },
    press: async (key) => press(key),
    hand: async (name) => {
      await does.write('search', name);
      await until(() => nameInHand() === name, `${name} is in hand`);
    },
    contains: (id, text) => until(() => find(id)?.textContent.includes(text) ?? false, `${id} has ${text}`),
    rest: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };

  /** Closes what is open and returns to the desk with nobody in hand. */
  const reset = async () => {
    for (let tries = 0; dialogs().length > 0; tries += 1) {
      if (tries > 100) throw new Error('a dialog stays open');
      if (isShown('scan-keep')) find('scan-keep').click();
      else if (dialogs().at(-1).querySelector('[data-busy]') === null) {
        const close = dialogs().at(-1).querySelector('.mantine-Modal-close');
        if (close) close.click();
        else press('Escape');
      }
      await turn();
    }
    await does.click('rail-desk');
    await until(() => isShown('search') || isShown('leave-discard'), 'the desk is shown, or the question');
    if (isShown('leave-discard')) await does.click('leave-discard');
    await until(() => isShown('search'), 'the desk is shown');
    find('search').focus();
    press('Escape');
    await until(() => isShown('nobody') && find('search').value === '', 'nobody is in hand');
  };

  const textFields = () =>
    [...document.querySelectorAll('input, textarea')].filter(
      (field) =>
        !['checkbox', 'radio', 'hidden'].includes(field.type) &&
        field.closest('[data-search], [data-scan]') === null,
    );

  /** The releases of keys: they have the key's true code and the X server's time, in any language. */
  let releases = [];
  window.addEventListener(
    'keyup',
    ({ code, timeStamp }) => {
      if (!/^(Shift|Control|Alt)/.test(code)) releases.push(timeStamp);
    },
    true,
  );
  /** The key events as they came, for what went wrong. */
  let trace = [];
  for (const type of ['keydown', 'keyup'])
    window.addEventListener(
      type,
      ({ key, code, keyCode, shiftKey, timeStamp }) =>
        trace.push(
          `${type.slice(3)} ${key} ${code} ${keyCode}${shiftKey ? ' shift' : ''} ${Math.round(timeStamp)}`,
        ),
      true,
    );
  let before = [];
  let busy;

  window.scans = {
    /** Opens a scene from wherever the window is. */
    async open(steps) {
      await reset();
      for (const [what, ...words] of steps) await does[what](...words);
      before = textFields().map((field) => [field, field.value]);
      releases = [];
      trace = [];
      return true;
    },
    keysSeen: () => releases.length,
    stamps: () => releases,
    trace: () => trace,
    /** What the window shows. */
    look() {
      // `data-chosen`: a customer was chosen in a field for customers, which the scene itself checks.
      const filled = before.filter(
        ([field, value]) => field.isConnected && field.value !== value && !('chosen' in field.dataset),
      );
      return {
        hand: isShown('desk-screen') ? nameInHand() : null,
        detail: find('customer-detail')?.textContent ?? null,
        mypage: find('mypage-screen')?.textContent ?? null,
        review: find('review-customer')?.value ?? null,
        why: find('why-screen')?.textContent ?? null,
        customerField: (find('link-find') ?? find('late-customer-1'))?.value ?? null,
        receipts: find('receipts-screen')?.textContent ?? null,
        asks: isShown('scan-question'),
        question: find('scan-question')?.textContent ?? null,
        dialogs: dialogs().length,
        search: find('search')?.value ?? null,
        newCard: (find('customer-new-card') ?? find('customer-card'))?.value ?? null,
        measured: find('settings-scanner-measured')?.textContent ?? null,
        note: find('note')?.textContent ?? null,
        filled: filled.map(
          ([field, value]) => `${field.dataset.testid ?? field.name}: ${value} > ${field.value}`,
        ),
      };
    },
    /** Keeps the page busy for 60 of 80 ms. */
    keepBusy(isBusy) {
      clearInterval(busy);
      if (!isBusy) return;
      busy = setInterval(() => {
        const end = performance.now() + 60;
        while (performance.now() < end);
      }, 80);
    },
  };
}
