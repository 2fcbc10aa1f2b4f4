/** A day at the desk, as staff live it. Used by the demonstration without a display and by the window tests. */
export async function playDay(desk) {
  await desk.until(() => desk.run(() => document.readyState === 'complete'), 'the page is loaded');
  await desk.screenshot('01-first-run');
}
