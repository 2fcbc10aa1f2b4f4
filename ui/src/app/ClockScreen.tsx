import { Button } from '@mantine/core';
import { ClockAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ClockQuestion, useBackend } from '../backend';
import { useHotkeys } from '../shared/hotkeys';
import { useSessionState } from '../shared/session';
import { formatClockSeconds, formatIsoDate, formatWeekday, SECOND_MS } from '../shared/time';
import classes from './app.module.css';
import { useAutoLock } from './useAutoLock';

/** How often the program is asked whether the clock is right by now. */
const ASK_INTERVAL_MS = 3 * SECOND_MS;

/**
 * Shown instead of all screens if the clock can't be right: a wrong one would judge bans and expiring points wrongly. No
 * button has the focus, so that no Enter of a scanner answers.
 */
export function ClockScreen({ question }: { question: ClockQuestion }) {
  const { t } = useTranslation('app');
  const backend = useBackend();
  const { session, restart, lock } = useSessionState();
  const [isAsking, setAsking] = useState(false);
  useAutoLock(session.preferences.autoLockMinutes, lock);
  useHotkeys({ 'Ctrl L': lock });
  useEffect(() => {
    const timer = setInterval(restart, ASK_INTERVAL_MS);
    return () => clearInterval(timer);
  }, [restart]);
  const confirm = async () => {
    setAsking(true);
    try {
      await backend.confirmClock();
    } finally {
      setAsking(false);
      restart();
    }
  };
  const { language } = session.preferences;
  const day = (at: number) =>
    t('clock.day', { year: formatIsoDate(at).slice(0, 4), day: formatWeekday(at, language) });
  return (
    <main className={classes.failed} data-testid="clock-screen">
      <h1 className={classes.failedTitle}>{t('clock.title')}</h1>
      <p className={classes.clockDoubt}>
        <ClockAlert size={18} strokeWidth={1.75} aria-hidden />
        {t(`clock.${question.doubt}`)}
      </p>
      <dl className={classes.clockTimes}>
        <dt>{t('clock.now')}</dt>
        <dd data-testid="clock-now">
          {day(question.now)} <b>{formatClockSeconds(question.now)}</b>
        </dd>
        <dt>{t('clock.newest')}</dt>
        <dd>
          {day(question.newestFactAt)} <b>{formatClockSeconds(question.newestFactAt)}</b>
        </dd>
      </dl>
      <p className={classes.failedMore}>{t('clock.why')}</p>
      <p className={classes.failedMore}>{t('clock.mend')}</p>
      <div className={classes.failedFoot}>
        <span>{session.terminal.name}</span>
        <span className={classes.failedActions}>
          <Button variant="default" onClick={lock} data-testid="clock-lock">
            {t('lock')}
          </Button>
          <Button loading={isAsking} onClick={() => void confirm()} data-testid="clock-right">
            {t('clock.right')}
          </Button>
        </span>
      </div>
    </main>
  );
}
