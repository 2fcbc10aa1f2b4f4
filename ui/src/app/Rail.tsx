import { UnstyledButton } from '@mantine/core';
import { Keyboard } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useReviewCount } from '../shared/data/review';
import { formatNumber } from '../shared/format';
import { useNavigation } from '../shared/navigation';
import { useSession } from '../shared/session';
import classes from './app.module.css';
import { Logo } from './Logo';
import { keyOfPlace, places, placesFor } from './places';
import { useGoToPlace } from './useGoToPlace';

/** A button for each place, in groups. */
export function Rail({ onKeys }: { onKeys: () => void }) {
  const { t } = useTranslation('app');
  const { place: current } = useNavigation();
  const { staff } = useSession();
  const goToPlace = useGoToPlace();
  const waiting = useReviewCount();
  const shown = placesFor(staff.role);
  return (
    <nav className={classes.rail} aria-label={t('rail.label')}>
      <Logo />
      <div className={classes.railItems}>
        {shown.map(({ place }, position) => {
          const { Icon, group } = places[place];
          const before = shown[position - 1];
          return (
            <UnstyledButton
              key={place}
              className={classes.railItem}
              data-testid={`rail-${place}`}
              data-active={current === place || undefined}
              data-first={(before && places[before.place].group !== group) || undefined}
              aria-current={current === place ? 'page' : undefined}
              aria-keyshortcuts={keyOfPlace(position).replace(' ', '+')}
              title={`${t(`place.${place}`)} (${keyOfPlace(position)})`}
              onClick={() => goToPlace(place)}
            >
              <Icon size={20} strokeWidth={1.75} aria-hidden />
              {t(`place.${place}`)}
              {place === 'review' && waiting > 0 && (
                <span className={classes.railCount} data-testid="rail-review-count">
                  {formatNumber(waiting)}
                </span>
              )}
            </UnstyledButton>
          );
        })}
      </div>
      <UnstyledButton className={classes.railItem} data-testid="rail-keys" onClick={onKeys}>
        <Keyboard size={20} strokeWidth={1.75} aria-hidden />
        <span>{t('rail.keys')} ?</span>
      </UnstyledButton>
    </nav>
  );
}
