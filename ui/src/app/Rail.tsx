import { UnstyledButton } from '@mantine/core';
import { Keyboard } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useReviewCount } from '../shared/data/review';
import { formatNumber } from '../shared/format';
import { type Screen, useNavigation } from '../shared/navigation';
import { useSession } from '../shared/session';
import classes from './app.module.css';
import { Logo } from './Logo';
import { screens, screensFor } from './screens';

const railButtonOf = (screen: Screen): Screen => screens[screen].under ?? screen;

export function Rail({ onKeys }: { onKeys: () => void }) {
  const { t } = useTranslation('app');
  const { screen, go } = useNavigation();
  const { staff } = useSession();
  const waiting = useReviewCount();
  return (
    <nav className={classes.rail} aria-label={t('rail.label')}>
      <Logo />
      <div className={classes.railItems}>
        {screensFor(staff.role).map((target) => {
          const { Icon } = screens[target];
          if (!Icon) return null;
          return (
            <UnstyledButton
              key={target}
              className={classes.railItem}
              data-testid={`rail-${target}`}
              data-active={railButtonOf(screen) === target || undefined}
              aria-current={railButtonOf(screen) === target ? 'page' : undefined}
              onClick={() => go(target)}
            >
              <Icon size={20} strokeWidth={1.75} aria-hidden />
              {t(`rail.${target}`)}
              {target === 'review' && waiting > 0 && (
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
