import { type FieldBefore, fieldBefore, restore } from './field';
import { HeldKey } from './heldKey';
import { type FinishedRun, RunDetector, type ScannerSettings, type Seen } from './runs';
import { afterWaitingEvents, replayed, signalScanBegin } from './signals';
import { forgetTypingSince, holdsTyped, noteTyping, typingSoFar } from './typed';

/** A scan, as the window saw it. */
export interface WindowScan extends FinishedRun {
  /** The field that had the cursor when the scan began. */
  field: HTMLElement | null;
  /** Something had been typed or chosen before the scan, in the open dialog or on the screen. */
  hadTyped: boolean;
}

export interface ScanListener {
  /** Sees every key press first; returns true if the key is used up. */
  intercept(event: KeyboardEvent): boolean;
  onScan(scan: WindowScan): void;
  /** A second Enter after a scan was kept from doing anything. */
  onSecondEnter(): void;
}

/** The attribute of fields that take a scan's letters themselves, as they come. */
const RAW_FIELD = '[data-scan="raw"]';

/**
 * Watches every key of the window before anything else does (capture phase). A scan's letters reach nothing: from the
 * fourth on they are kept away, and what the first three wrote is taken back.
 */
export function listenToScans(listener: ScanListener, settings: ScannerSettings) {
  const runs = new RunDetector(settings);
  let before: FieldBefore | null = null;
  let focused: HTMLElement | null = null;
  let hadTyped = false;
  let typedBefore = typingSoFar();
  let rest: ReturnType<typeof setTimeout> | undefined;
  let presses = 0;
  const held = new HeldKey(() => 2 * runs.settings.paceMs);

  const isRaw = () => focused?.closest(RAW_FIELD) != null;
  const begin = () => {
    focused = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    before = fieldBefore(focused);
    hadTyped = holdsTyped();
    typedBefore = typingSoFar();
  };
  const takeBack = (isComposed: boolean) => {
    if (isRaw()) return;
    if (before) restore(before, isComposed);
    forgetTypingSince(typedBefore);
  };
  const stop = (event: Event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const deliver = (run: FinishedRun) => {
    takeBack(run.isComposed);
    listener.onScan({ ...run, field: focused, hadTyped });
  };
  const waitForRest = () => {
    clearTimeout(rest);
    if (!runs.isScanning) return;
    const counted = presses;
    rest = setTimeout(
      () =>
        afterWaitingEvents(() => {
          if (counted === presses) for (const run of runs.end()) deliver(run);
        }),
      runs.restMs,
    );
  };
  const handle = (event: KeyboardEvent, seen: Seen) => {
    presses += 1;
    for (const run of seen.ended) deliver(run);
    if (seen.begins) begin();
    if (seen.becomesScan) {
      held.drop();
      takeBack(false);
      signalScanBegin();
    }
    if (seen.isOfScan && !isRaw()) {
      stop(event);
    } else if (event.type === 'keydown') {
      noteTyping(event);
    }
    if (seen.isSecondEnter) listener.onSecondEnter();
    waitForRest();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (replayed.has(event)) return;
    if (listener.intercept(event)) return stop(event);
    const seen = runs.press(event);
    handle(event, seen);
    if (!seen.isOfScan && held.press(event)) stop(event);
  };
  const onKeyUp = (event: KeyboardEvent) => {
    if (replayed.has(event)) return;
    const seen = runs.release(event);
    if (seen.isOfScan || seen.ended.length > 0 || seen.begins) handle(event, seen);
    if (held.release(event)) stop(event);
  };
  const onPointerDown = (event: Event) => {
    for (const run of runs.end()) deliver(run);
    noteTyping(event);
  };
  const onBlur = () => runs.loseFocus();
  window.addEventListener('keydown', onKeyDown, true);
  window.addEventListener('keyup', onKeyUp, true);
  window.addEventListener('pointerdown', onPointerDown, true);
  window.addEventListener('input', noteTyping, true);
  window.addEventListener('blur', onBlur);
  return {
    adopt(next: ScannerSettings) {
      runs.settings = next;
    },
    stop() {
      clearTimeout(rest);
      held.drop();
      window.removeEventListener('keydown', onKeyDown, true);
      window.removeEventListener('keyup', onKeyUp, true);
      window.removeEventListener('pointerdown', onPointerDown, true);
      window.removeEventListener('input', noteTyping, true);
      window.removeEventListener('blur', onBlur);
    },
  };
}
