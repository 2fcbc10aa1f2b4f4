/**
 * Ignores files and links that are dropped on the window, and shows so while they are dragged over it. The program refuses to
 * show them instead of the screens anyway. Text can still be dropped into a field.
 */
export function refuseDrops(target: EventTarget = window): void {
  const refuse = (event: Event) => {
    const { dataTransfer } = event as DragEvent;
    if (!dataTransfer?.types.some((type) => type === 'Files' || type === 'text/uri-list')) return;
    event.preventDefault();
    dataTransfer.dropEffect = 'none';
  };
  target.addEventListener('dragover', refuse);
  target.addEventListener('drop', refuse);
}
