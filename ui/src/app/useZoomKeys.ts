import type { Zoom } from '../backend';
import { useHotkeys } from '../shared/hotkeys';
import { useSessionState } from '../shared/session';
import { ZOOM_NORMAL, zoomIn, zoomOut } from '../shared/zoom';

/** Lets Ctrl with + - 0 change the size of the screens, in dialogs too. The size is kept for this terminal. */
export function useZoomKeys(): void {
  const { session, savePreferences } = useSessionState();
  const { preferences } = session;
  const zoomTo = (zoom: Zoom) => {
    if (zoom !== preferences.zoom) void savePreferences({ ...preferences, zoom }).catch(() => {});
  };
  const larger = () => zoomTo(zoomIn(preferences.zoom));
  const smaller = () => zoomTo(zoomOut(preferences.zoom));
  useHotkeys(
    // With and without Shift, as keyboards differ in where + and - are.
    {
      'Ctrl +': larger,
      'Ctrl =': larger,
      'Ctrl -': smaller,
      'Ctrl _': smaller,
      'Ctrl 0': () => zoomTo(ZOOM_NORMAL),
    },
    { inDialog: true },
  );
}
