/**
 * Runs in the page: returns what nobody could read or press. `cut` are texts that their box cuts off, without an
 * ellipsis and its tooltip; `shortened` are those with them; `sideways` are boxes that scroll sideways; `overlapping`
 * are pairs of elements to be read or pressed that cover each other; `outside` are such elements out of reach.
 */
export function findFaults() {
  const TOLERANCE = 1;
  const found = { cut: [], shortened: [], sideways: [], overlapping: [], outside: [] };
  const modal = [...document.querySelectorAll('.mantine-Modal-content')].at(-1);
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
  const hasText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
  const isPressable = (element) => element.matches('button, a[href], input, textarea, [role="button"]');

  const elements = [...scope.querySelectorAll('*')].filter(
    (element) => !(element instanceof SVGElement) && isVisible(element),
  );
  for (const element of elements) {
    const style = getComputedStyle(element);
    const scrolls = ['auto', 'scroll'];
    const clips = ['hidden', 'clip'];
    const wider = element.scrollWidth > element.clientWidth + TOLERANCE && element.clientWidth > 0;
    const higher = element.scrollHeight > element.clientHeight + TOLERANCE && element.clientHeight > 0;
    if (wider && scrolls.includes(style.overflowX)) found.sideways.push(nameOf(element));
    if (!hasText(element)) continue;
    const isEllipsis = style.textOverflow === 'ellipsis' && element.closest('[title]') !== null;
    const isCut =
      (wider && style.display !== 'inline' && clips.includes(style.overflowX)) ||
      (higher && clips.includes(style.overflowY));
    if (isCut) (isEllipsis ? found.shortened : found.cut).push(nameOf(element));
    else if (wider && style.display !== 'inline' && style.overflowX === 'visible')
      found.cut.push(`${nameOf(element)} sticks out`);
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
  const items = elements
    .filter((element) => isPressable(element) || hasText(element))
    // A unit stands on its field, to the right of what is typed.
    .filter((element) => !element.closest('.mantine-Input-section'))
    .map((element) => ({ element, box: shownBox(element) }))
    .filter(({ box }) => box.right - box.left > TOLERANCE && box.bottom - box.top > TOLERANCE);
  const drawer = [...document.querySelectorAll('[data-opened]')].find(
    (element) => getComputedStyle(element).position === 'absolute',
  );
  const layerOf = (element) => (drawer?.contains(element) ? 1 : 0);
  for (const [index, { element, box }] of items.entries()) {
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const isInside = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
    if (isInside) {
      const top = document.elementFromPoint(x, y);
      const isReached = top && (top === element || element.contains(top) || top.contains(element));
      if (!isReached && !(drawer && layerOf(element) === 0))
        found.overlapping.push(`${nameOf(element)} is covered by ${top ? nameOf(top) : 'nothing'}`);
    } else if (x < 0 || x >= innerWidth) found.outside.push(nameOf(element));
    for (const other of items.slice(index + 1)) {
      if (element.contains(other.element) || other.element.contains(element)) continue;
      if (layerOf(element) !== layerOf(other.element)) continue;
      const width = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      const height = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
      if (width > TOLERANCE && height > TOLERANCE)
        found.overlapping.push(`${nameOf(element)} and ${nameOf(other.element)}`);
    }
  }
  return found;
}
