const WAIT_TIMEOUT_MS = 30_000;

/** The page of a browser, as the steps of a scene use it. */
export function pageOf(browser) {
  const selector = (id) => `[data-testid="${id}"]`;
  const isShown = (css) => (document.querySelector(css)?.getClientRects().length ?? 0) > 0;
  const waitFor = (id) =>
    browser.waitUntil(() => browser.execute(isShown, selector(id)), {
      timeout: WAIT_TIMEOUT_MS,
      interval: 50,
      timeoutMsg: `${id} isn't shown`,
    });
  return {
    waitFor,
    press: (...keys) => browser.keys(keys),
    type: async (id, text) => {
      await waitFor(id);
      await browser.$(selector(id)).setValue(text);
    },
    /** Puts a text into a field at once: typed by the driver, more than three letters are a scan. */
    fill: async (id, text) => {
      await waitFor(id);
      await browser.execute(
        (css, value) => {
          const field = document.querySelector(css);
          Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, value);
          field.dispatchEvent(new Event('input', { bubbles: true }));
        },
        selector(id),
        text,
      );
    },
    click: async (id) => {
      await waitFor(id);
      await browser.execute((css) => document.querySelector(css).click(), selector(id));
    },
    clickIfThere: (css) => browser.execute((wanted) => document.querySelector(wanted)?.click(), css),
    clickOf: async (id, index) => {
      await waitFor(id);
      const all = await browser.$$(selector(id)).getElements();
      await all.at(index).click();
    },
    clickIn: async (css, id) => {
      await waitFor(id);
      await browser.$(`${css} ${selector(id)}`).click();
    },
    /** Scrolls an element to the top of what scrolls it. */
    scrollTo: async (id) => {
      await waitFor(id);
      await browser.execute(
        (css) => document.querySelector(css).scrollIntoView({ block: 'start' }),
        selector(id),
      );
    },
    /** Scrolls what scrolls inside an element to its end. */
    scrollToEnd: async (id) => {
      await waitFor(id);
      await browser.execute((css) => {
        for (const inner of document.querySelectorAll(`${css}, ${css} *`))
          inner.scrollTop = inner.scrollHeight;
      }, selector(id));
      await browser.pause(200);
    },
    pause: (ms) => browser.pause(ms),
    /** Waits until nothing moves and no list is loading. */
    settle: async () => {
      await browser.pause(350);
      await browser.execute(() => document.fonts.ready);
    },
  };
}
