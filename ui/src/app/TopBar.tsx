import { UnstyledButton } from '@mantine/core';
import { FlaskConical, Lock, Search } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Kbd, Tag } from '../shared/parts';
import { useLanguage } from '../shared/preferences';
import { useSessionState } from '../shared/session';
import { formatClock, formatWeekday, useNow } from '../shared/time';
import { AccessLogTag } from './AccessLogNotices';
import classes from './app.module.css';
import { SyncStatus } from './SyncStatus';

export function TopBar({ onPalette }: { onPalette: () => void }) {
  const { t } = useTranslation('app');
  const { t: common } = useTranslation('common');
  const { session, lock } = useSessionState();
  const { facility, terminal, staff, demonstration } = session;
  const language = useLanguage();
  const now = useNow();
  return (
    <header className={classes.topBar}>
      <div className={classes.where}>
        <strong className="one-line" title={facility.name} data-named>
          {facility.name}
        </strong>
        <span className="one-line" title={terminal.name} data-named>
          {terminal.name}
        </span>
        {demonstration && (
          <Tag tone="accent">
            <FlaskConical size={14} aria-hidden />
            {t('demonstration')}
          </Tag>
        )}
      </div>
      <UnstyledButton
        className={classes.find}
        aria-label={`${t('findCommand')} Ctrl K`}
        title={`${t('findCommand')} (Ctrl K)`}
        onClick={onPalette}
        data-testid="open-palette"
      >
        <Search size={16} strokeWidth={1.75} aria-hidden />
        <span className={classes.findWords}>{t('findCommand')}</span> <Kbd>Ctrl K</Kbd>
      </UnstyledButton>
      <AccessLogTag />
      <SyncStatus />
      <time className={classes.clock} data-testid="clock">
        <span className={classes.clockDay}>{formatWeekday(now, language)}</span> {formatClock(now)}
      </time>
      <UnstyledButton
        className={classes.staff}
        title={`${staff.name} · ${t('lock')} (Ctrl L)`}
        aria-label={`${staff.name} ${common(`role.${staff.role}`)}, ${t('lock')}`}
        onClick={lock}
        data-testid="staff"
      >
        <span className={classes.avatar} title={staff.name} data-initial={[...staff.name][0]} aria-hidden />
        <span className={`one-line ${classes.staffWords}`} title={staff.name} data-named>
          <strong>{staff.name}</strong> {common(`role.${staff.role}`)}
        </span>
        <Lock className={classes.lockIcon} size={16} strokeWidth={1.75} aria-hidden />
      </UnstyledButton>
    </header>
  );
}
