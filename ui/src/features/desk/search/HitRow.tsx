import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CustomerHit } from '../../../backend';
import { useNow } from '../../../shared/clock';
import { calendarDaysBetween, formatDay, formatNumber, phoneEnding } from '../../../shared/format';
import { useNavigation } from '../../../shared/navigation';
import { CustomerNameText, StandingIcon } from '../../../shared/parts';
import { useLanguage } from '../../../shared/preferences';
import { useAreaName } from '../../../shared/session';
import { useWords } from '../../../shared/words';
import { shortAreaName } from '../areaName';
import { matchedRange } from './match';
import classes from './search.module.css';

/** Name and standing on the left, what tells people of one name apart on the right. */
export function HitRow({ hit, text, onChoose }: { hit: CustomerHit; text: string; onChoose: () => void }) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { customerId } = useNavigation();
  const areaName = useAreaName();
  const words = useWords();
  const language = useLanguage();
  const now = useNow();
  const { customer, standing, outstanding, inside, lastVisitAt } = hit;
  const chosen = customer.customerId === customerId;

  const where = inside
    ? t('search.inside', { area: shortAreaName(areaName(inside.areaId) ?? common('unknownArea')) })
    : t('search.outside');
  const standingText =
    standing === 'ALLOWED'
      ? common(`standingShort.${standing}`)
      : t('search.standingPoints', {
          standing: common(`standingShort.${standing}`),
          points: formatNumber(outstanding),
        });
  const when = (at: number) => {
    const days = calendarDaysBetween(at, now);
    if (days > 1) return formatDay(at, language);
    return days === 1 && language === 'en' ? common('yesterdayShort') : words.when(at, now);
  };
  const last = inside
    ? words.stay(inside.since, now)
    : lastVisitAt === null
      ? t('search.noVisit')
      : when(lastVisitAt);
  const range = customer.name === null ? null : matchedRange(text, customer.name);

  return (
    <UnstyledButton
      className={classes.hit}
      tabIndex={-1}
      data-testid="hit"
      data-customer={customer.customerId}
      data-active={chosen || undefined}
      aria-current={chosen || undefined}
      onClick={onChoose}
    >
      <StandingIcon standing={standing} />
      <span className={classes.hitName} data-partial={range !== null || undefined}>
        {range && customer.name !== null ? (
          <span className="one-line" title={customer.name}>
            {customer.name.slice(0, range[0])}
            <b>{customer.name.slice(...range)}</b>
            {customer.name.slice(range[1])}
          </span>
        ) : (
          <CustomerNameText customer={customer} />
        )}
      </span>
      <span className={classes.hitEnding}>{phoneEnding(hit.phone)}</span>
      <span className={`one-line ${classes.hitState}`} data-standing={standing}>
        {standingText} · {where}
      </span>
      <span className={classes.hitLast}>{last}</span>
    </UnstyledButton>
  );
}
