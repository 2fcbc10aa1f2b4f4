import { UnstyledButton } from '@mantine/core';
import {
  Keyboard,
  type LucideIcon,
  Monitor,
  RefreshCw,
  Settings,
  UserRound,
  UsersRound,
  Workflow,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type Screen, useNavigation } from '../shared/navigation';
import classes from './app.module.css';
import { Mark } from './Mark';

const places: { screen: Screen; Icon: LucideIcon }[] = [
  { screen: 'desk', Icon: Monitor },
  { screen: 'mypage', Icon: UserRound },
  { screen: 'customers', Icon: UsersRound },
  { screen: 'sync', Icon: RefreshCw },
  { screen: 'services', Icon: Workflow },
  { screen: 'settings', Icon: Settings },
];

/** Traces are the other side of the services. */
const placeOf = (screen: Screen): Screen => (screen === 'traces' ? 'services' : screen);

export function Rail({ onKeys }: { onKeys: () => void }) {
  const { t } = useTranslation('app');
  const { screen, go } = useNavigation();
  return (
    <nav className={classes.rail} aria-label={t('rail.label')}>
      <Mark />
      <div className={classes.railItems}>
        {places.map(({ screen: target, Icon }) => (
          <UnstyledButton
            key={target}
            className={classes.railItem}
            data-testid={`rail-${target}`}
            data-active={placeOf(screen) === target || undefined}
            aria-current={placeOf(screen) === target ? 'page' : undefined}
            onClick={() => go(target)}
          >
            <Icon size={20} strokeWidth={1.75} aria-hidden />
            {t(`rail.${target}`)}
          </UnstyledButton>
        ))}
      </div>
      <UnstyledButton className={classes.railItem} data-testid="rail-keys" onClick={onKeys}>
        <Keyboard size={20} strokeWidth={1.75} aria-hidden />
        <span>{t('rail.keys')} ?</span>
      </UnstyledButton>
    </nav>
  );
}
