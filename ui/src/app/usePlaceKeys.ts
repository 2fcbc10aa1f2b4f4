import { type HotkeyMap, useHotkeys } from '../shared/hotkeys';
import { useNavigation } from '../shared/navigation';
import { useSession } from '../shared/session';
import { keyOfPlace, placesFor } from './places';
import { useGoToPlace } from './useGoToPlace';

/** Keys that open places and their tabs, and the histories of the customer in hand. */
export function usePlaceKeys(): void {
  const { screen, place, go } = useNavigation();
  const shown = placesFor(useSession().staff.role);
  const goToPlace = useGoToPlace();
  const tabs = shown.find((one) => one.place === place)?.screens ?? [];
  const step = (by: 1 | -1) => () => {
    const target = tabs[(tabs.indexOf(screen) + by + tabs.length) % tabs.length];
    if (!target || target === screen) return false;
    go(target);
  };
  const keys: HotkeyMap = Object.fromEntries(
    shown.map((one, position) => [keyOfPlace(position), () => goToPlace(one.place)]),
  );
  useHotkeys({
    ...keys,
    mypage: () => go('mypage'),
    'Ctrl Tab': (event) => step(event.shiftKey ? -1 : 1)(),
    'Ctrl PageDown': step(1),
    'Ctrl PageUp': step(-1),
  });
}
