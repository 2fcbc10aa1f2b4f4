/**
 * Runs in the page: returns what nobody could read or press. `cut` are texts that their box cuts off, without an
 * ellipsis and its tooltip; `shortened` are those with them, and `names` those of them that people chose (marked
 * `data-named`), which are no faults; `squeezed` are texts with almost no width; `clipped` are elements of which a box
 * around them shows only a part; `sideways` are boxes that scroll sideways; `overlapping` are pairs of elements to be
 * read or pressed that cover each other; `outside` are such elements out of reach.
 */
export function findFaults() {
  const TOLERANCE = 1;
  /** A text that is shortened to less than this says nothing. */
  const SHORTENED_MIN = 24;
  const found = {
    cut: [],
    shortened: [],
    names: [],
    squeezed: [],
    clipped: [],
    sideways: [],
    overlapping: [],
    outside: [],
  };
  const modal = [...document.querySelectorAll('.mantine-Modal-content, .mantine-Menu-dropdown')].at(-1);
  const scope = modal ?? document.body;

  const nameOf = (element) => {
    const id = element.closest('[data-testid]')?.dataset.testid ?? '';
    const text = element.textContent.trim().slice(0, 40) || element.getAttribute('aria-label') || '';
    return `${element.tagName.toLowerCase()}${id && `#${id}`} "${text}"`;
  };
  const isVisible = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !element.closest('.visually-hidden') &&
    element.getClientRects().length > 0;
  const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '';
  const hasText = (element) => [...element.childNodes].some(isText);
  const isPressable = (element) => element.matches('button, a[href], input, textarea, [role="button"]');

  // Charts measure their texts in an element outside the page.
  const isMeasure = (element) => element.id === 'recharts_measurement_span';
  const elements = [...scope.querySelectorAll('*')].filter(
    (element) => !(element instanceof SVGElement) && !isMeasure(element) && isVisible(element),
  );
  const shortenedElements = new Set();
  const shorten = (element) => {
    if (shortenedElements.has(element)) return;
    shortenedElements.add(element);
    (element.closest('[data-named]') ? found.names : found.shortened).push(nameOf(element));
    if (element.clientWidth < SHORTENED_MIN) found.squeezed.push(`${nameOf(element)} is shortened away`);
  };
  const letters = document.createRange();
  /** Whether a text is broken into lines of one letter, or has no width at all. */
  const isSqueezed = (node) => {
    letters.selectNodeContents(node);
    const boxes = [...letters.getClientRects()];
    const lines = new Set(boxes.map(({ top }) => Math.round(top))).size;
    const isWordless = lines > 2 && [...node.data.replaceAll(/\s/g, '')].length / lines < 2;
    return isWordless || boxes.every(({ width }) => width <= TOLERANCE);
  };
  const hasBrokenNumber = (node) =>
    [...node.data.matchAll(/\d[\d,]{3,}/g)].some(({ index, 0: { length } }) => {
      letters.setStart(node, index);
      letters.setEnd(node, index + length);
      return new Set([...letters.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
    });
  const pen = document.createElement('canvas').getContext('2d');
  for (const element of elements) {
    const style = getComputedStyle(element);
    if (element.matches('input:not([type="checkbox"], [type="radio"])')) {
      const text = element.value || element.placeholder;
      pen.font = style.font;
      const room =
        element.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
      const isName = element.value !== '' || element.closest('[data-named]');
      if (room + TOLERANCE < pen.measureText(text).width && !isName)
        found.cut.push(`${nameOf(element)} placeholder "${text}"`);
    }
    const scrolls = ['auto', 'scroll'];
    const clips = ['hidden', 'clip'];
    const wider = element.scrollWidth > element.clientWidth + TOLERANCE && element.clientWidth > 0;
    const higher = element.scrollHeight > element.clientHeight + TOLERANCE && element.clientHeight > 0;
    if (wider && scrolls.includes(style.overflowX)) found.sideways.push(nameOf(element));
    if (higher && scrolls.includes(style.overflowY)) {
      const row = element.querySelector('[role="listitem"], [role="option"], [role="row"], tbody tr');
      if (row && row.offsetHeight > element.clientHeight + TOLERANCE)
        found.squeezed.push(`${nameOf(row)} is higher than the list that scrolls it`);
    }
    if (!hasText(element)) continue;
    const hasNoWidth =
      element.clientWidth <= TOLERANCE && element.scrollWidth > element.clientWidth + TOLERANCE;
    if (hasNoWidth && style.display !== 'inline') found.squeezed.push(nameOf(element));
    if ([...element.childNodes].some((node) => isText(node) && isSqueezed(node)))
      found.squeezed.push(nameOf(element));
    if ([...element.childNodes].some((node) => isText(node) && hasBrokenNumber(node)))
      found.cut.push(`${nameOf(element)} has a number in two lines`);
    const isEllipsis = style.textOverflow === 'ellipsis' && element.closest('[title]') !== null;
    const isCut =
      (wider && style.display !== 'inline' && clips.includes(style.overflowX)) ||
      (higher && clips.includes(style.overflowY));
    if (isCut && isEllipsis) shorten(element);
    else if (isCut) found.cut.push(nameOf(element));
    else if (wider && style.display !== 'inline' && style.overflowX === 'visible')
      found.cut.push(`${nameOf(element)} sticks out`);
  }
  for (const text of scope.querySelectorAll('svg text')) {
    const [box, outer] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
    if (box.width === 0) continue;
    if (box.left < outer.left - TOLERANCE || box.right > outer.right + TOLERANCE)
      found.cut.push(`text in a graphic "${text.textContent}"`);
  }
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth + TOLERANCE) found.sideways.push('the page');

  /** The part of an element's box that its scrolling ancestors show. */
  const shownBox = (element) => {
    const box = element.getBoundingClientRect();
    let [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom];
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      if (getComputedStyle(parent).overflow === 'visible') continue;
      const outer = parent.getBoundingClientRect();
      [left, top] = [Math.max(left, outer.left), Math.max(top, outer.top)];
      [right, bottom] = [Math.min(right, outer.right), Math.min(bottom, outer.bottom)];
    }
    return { left, top, right, bottom };
  };
  /** The nearest box around an element that shows only a part of its width, or of its height without scrolling. */
  const clipperOf = (element) => {
    const box = element.getBoundingClientRect();
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      const { overflowX, overflowY, position } = getComputedStyle(parent);
      const outer = parent.getBoundingClientRect();
      const isBeside = box.left < outer.left - TOLERANCE || box.right > outer.right + TOLERANCE;
      const isBeyond = box.top < outer.top - TOLERANCE || box.bottom > outer.bottom + TOLERANCE;
      if (overflowX !== 'visible' && isBeside) return parent;
      if (overflowY === 'auto' || overflowY === 'scroll' || position === 'fixed') return null;
      if (overflowY !== 'visible' && isBeyond) return parent;
    }
    return null;
  };
  /** The nearest box in the flow around an element, beyond whose right edge it sticks out. */
  const leftBehind = (element) => {
    const { right } = element.getBoundingClientRect();
    for (let box = element; box.parentElement && box !== scope; box = box.parentElement) {
      const { position, display } = getComputedStyle(box);
      if (['absolute', 'fixed'].includes(position) || display === 'inline') return null;
      const parent = box.parentElement;
      if (getComputedStyle(parent).overflowX !== 'visible') return null;
      if (parent.clientWidth > 0 && right > parent.getBoundingClientRect().right + TOLERANCE) return parent;
    }
    return null;
  };
  for (const element of elements) {
    if (!isPressable(element) && !hasText(element)) continue;
    if (leftBehind(element)) found.cut.push(`${nameOf(element)} sticks out of its box`);
    // The field of a choice, of which only its label is seen.
    if (element.matches('input') && getComputedStyle(element).opacity === '0') continue;
    const clipper = clipperOf(element);
    if (!clipper) continue;
    const isEllipsis = getComputedStyle(clipper).textOverflow === 'ellipsis' && clipper.closest('[title]');
    if (isEllipsis) shorten(clipper);
    else found.clipped.push(nameOf(element));
  }
  const drawer = [...document.querySelectorAll('[data-opened]')].find(
    (element) => getComputedStyle(element).position === 'absolute',
  );
  /** What stays in place while something scrolls below it, as the headings of a table. */
  const stickyOf = (element) => {
    for (let parent = element; parent; parent = parent.parentElement)
      if (getComputedStyle(parent).position === 'sticky') return parent;
    return null;
  };
  /** What scrolls below a sticky element. */
  const scrollerOf = (sticky) => {
    for (let parent = sticky?.parentElement; parent; parent = parent.parentElement)
      if (['auto', 'scroll'].includes(getComputedStyle(parent).overflowY)) return parent;
    return null;
  };
  const layerOf = (element) => (drawer?.contains(element) ? 1 : stickyOf(element) ? 2 : 0);
  const items = elements
    .filter((element) => isPressable(element) || hasText(element))
    // A unit stands on its field, to the right of what is typed.
    .filter((element) => !element.closest('.mantine-Input-section'))
    .map((element) => ({ element, box: shownBox(element), layer: layerOf(element) }))
    .filter(({ box }) => box.right - box.left > TOLERANCE && box.bottom - box.top > TOLERANCE);
  for (const [index, { element, box, layer }] of items.entries()) {
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const isInside = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
    if (isInside) {
      const top = document.elementFromPoint(x, y);
      const isReached = top && (top === element || element.contains(top) || top.contains(element));
      const sticky = top && stickyOf(top);
      const isBelow = layer === 0 && (drawer || scrollerOf(sticky)?.contains(element));
      if (!isReached && !isBelow)
        found.overlapping.push(`${nameOf(element)} is covered by ${top ? nameOf(top) : 'nothing'}`);
    } else if (x < 0 || x >= innerWidth) found.outside.push(nameOf(element));
    for (const other of items.slice(index + 1)) {
      if (layer !== other.layer) continue;
      const width = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      const height = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
      if (width <= TOLERANCE || height <= TOLERANCE) continue;
      if (!element.contains(other.element) && !other.element.contains(element))
        found.overlapping.push(`${nameOf(element)} and ${nameOf(other.element)}`);
    }
  }
  return found;
}

/** Runs in a page that is shown as on paper. Returns what has more content than it shows: paper doesn't scroll. */
export function findCutOnPaper() {
  const isCut = (element) =>
    element.scrollHeight > element.clientHeight + 1 &&
    element.clientHeight > 2 &&
    getComputedStyle(element).overflowY !== 'visible' &&
    getComputedStyle(element).visibility !== 'hidden';
  const name = ({ dataset, className }) => dataset.testid ?? String(className);
  return [...document.body.querySelectorAll('*')].filter(isCut).map(name);
}
