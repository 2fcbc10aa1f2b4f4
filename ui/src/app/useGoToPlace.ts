import { useCallback } from 'react';
import { type Place, useNavigation } from '../shared/navigation';
import { useSession } from '../shared/session';
import { placesFor } from './places';

/** Opens a place with the screen that it showed last, at first with its first one. */
export function useGoToPlace(): (place: Place) => void {
  const { go, lastScreens } = useNavigation();
  const { role } = useSession().staff;
  return useCallback(
    (place) => {
      const allowed = placesFor(role).find((one) => one.place === place)?.screens ?? [];
      const last = lastScreens[place];
      const screen = last && allowed.includes(last) ? last : allowed[0];
      if (screen) go(screen);
    },
    [go, lastScreens, role],
  );
}
