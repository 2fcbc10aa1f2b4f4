import type { Language } from '../../backend';
import { formatIsoDate, ZONE } from '../../shared/format';

const korean = new Intl.DateTimeFormat('ko-KR', { timeZone: ZONE, weekday: 'short' });
const english = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  weekday: 'short',
  day: 'numeric',
  month: 'short',
});

/** `11.19 (목)` or `Thu 19 Nov`, with the year when it isn't this one. */
export function rowDate(at: number, now: number, language: Language): string {
  const [year = '', month = '', day = ''] = formatIsoDate(at).split('-');
  const sameYear = formatIsoDate(now).startsWith(`${year}-`);
  if (language === 'en') {
    const short = english.format(at).replace(',', '');
    return sameYear ? short : `${short} ${year}`;
  }
  const short = `${Number(month)}.${Number(day)} (${korean.format(at)})`;
  return sameYear ? short : `${year}.${short}`;
}
