import { Button } from '@mantine/core';
import { CloudOff, FlaskConical, HardDrive, ListChecks, Wifi } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LockScreen, SyncChip } from '../../backend';
import { formatNumber } from '../../shared/format';
import { Kbd, Tag } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { formatClock, formatWeekday, useNow } from '../../shared/time';
import { useWords } from '../../shared/words';
import classes from './Lock.module.css';

const icons = { alone: HardDrive, online: Wifi, offline: CloudOff };

/** What anybody may see of a locked terminal: where it is, the time, the link, and how many are inside each area. */
export function LockSide({ lock, onEvacuation }: { lock: LockScreen; onEvacuation: () => void }) {
  const { t } = useTranslation('lock');
  const { t: common } = useTranslation('common');
  const { clockOrDay } = useWords();
  const language = useLanguage();
  const now = useNow();
  const { sync, areas, facilityName, terminalName, evacuation } = lock;
  const Icon = icons[sync.state];
  const total = areas.reduce((sum, { present }) => sum + present, 0);

  const link = (chip: SyncChip): string => {
    if (chip.state === 'alone') return t('link.alone');
    const waiting = chip.pending > 0 ? ` · ${t('link.waiting', { value: formatNumber(chip.pending) })}` : '';
    if (chip.state === 'offline') return t('link.offline', { time: clockOrDay(chip.since, now) }) + waiting;
    return t(chip.reading ? 'link.reading' : 'link.online') + waiting;
  };
  return (
    <aside className={classes.side}>
      <div className={classes.where}>
        <strong className="one-line" title={facilityName} data-named>
          {facilityName === '' ? common('appName') : facilityName}
        </strong>
        <span className="one-line" title={terminalName} data-named>
          {terminalName}
        </span>
        {lock.demonstrationPins && (
          <Tag tone="accent">
            <FlaskConical size={14} aria-hidden />
            {t('demonstration')}
          </Tag>
        )}
      </div>
      <div className={classes.timeBlock}>
        <time className={classes.time} data-testid="lock-time">
          {formatClock(now)}
        </time>
        <p className={classes.day}>{formatWeekday(now, language)}</p>
        <p className={classes.link} data-state={sync.state} role="status" data-testid="lock-link">
          <Icon size={16} strokeWidth={1.75} aria-hidden />
          <span>{link(sync)}</span>
        </p>
      </div>
      <section className={classes.counts} aria-label={t('inside')}>
        <h2>
          {t('inside')} <b data-testid="lock-total">{t('people', { value: formatNumber(total) })}</b>
        </h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: many areas are scrolled by keys. */}
        <ul tabIndex={0}>
          {areas.map(({ areaId, name, present, capacity }) => (
            <li
              key={areaId}
              data-testid="lock-area"
              data-full={(capacity !== null && present >= capacity) || undefined}
            >
              <span className="one-line" title={name} data-named>
                {name}
              </span>
              <span className={classes.count}>
                <b>{formatNumber(present)}</b>
                {capacity !== null && ` / ${formatNumber(capacity)}`}
                {common('unitPeople')}
              </span>
            </li>
          ))}
        </ul>
        {areas.length === 0 && <p className={classes.quiet}>{t('noAreas')}</p>}
      </section>
      <Button
        size="md"
        variant="default"
        className={classes.evacuation ?? ''}
        leftSection={<ListChecks size={16} strokeWidth={1.75} />}
        rightSection={<Kbd>F10</Kbd>}
        data-testid="lock-evacuation"
        onClick={onEvacuation}
      >
        {t(evacuation === 'names' ? 'evacuation' : 'evacuationCounts')}
      </Button>
    </aside>
  );
}
