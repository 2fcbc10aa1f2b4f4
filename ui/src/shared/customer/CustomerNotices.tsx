import { CalendarCheck, CalendarClock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CustomerNotice } from '../../backend';
import { formatNumber } from '../format';
import { dottedDate } from '../time';
import classes from './customer.module.css';

/** What to tell a customer before time changes it: points that expire soon, and a ban that ends tomorrow. */
export function CustomerNotices({ notices }: { notices: CustomerNotice[] }) {
  const { t } = useTranslation('common');
  const words = (notice: CustomerNotice): string => {
    if (notice.type === 'banEnds') return t('notice.banEnds', { day: dottedDate(notice.on) });
    const values = { points: formatNumber(notice.points), day: dottedDate(notice.lastDay) };
    return notice.daysLeft === 0
      ? t('notice.expireToday', values)
      : t('notice.expire', { ...values, days: notice.daysLeft });
  };
  return notices.map((notice) => {
    const isBan = notice.type === 'banEnds';
    const Icon = isBan ? CalendarCheck : CalendarClock;
    return (
      <p
        key={isBan ? 'ban' : notice.lastDay}
        className={classes.endingNotice}
        data-tone={isBan ? 'ok' : notice.beforeDays === 3 ? 'warn' : undefined}
        data-testid="customer-notice"
        data-type={notice.type}
      >
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        {words(notice)}
      </p>
    );
  });
}

/** The end of a ban, and of the points only those that expire first. */
export const mostUrgent = (notices: CustomerNotice[]): CustomerNotice[] => {
  const first = notices.find(({ type }) => type === 'pointsExpire');
  return notices.filter((notice) => notice.type === 'banEnds' || notice === first);
};
