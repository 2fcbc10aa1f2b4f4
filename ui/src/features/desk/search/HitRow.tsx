import { useTranslation } from 'react-i18next';
import type { CustomerHit } from '../../../backend';
import { shortAreaName } from '../../../shared/areaName';
import { formatNumber, phoneEnding } from '../../../shared/format';
import { useNavigation } from '../../../shared/navigation';
import { CustomerNameText, StandingIcon } from '../../../shared/parts';
import { useAreaName } from '../../../shared/session';
import { useNow } from '../../../shared/time';
import { useWords } from '../../../shared/words';
import { matchedRange } from './matchedRange';
import classes from './search.module.css';

/** A search result: name and standing on the left, phone ending and last visit on the right to tell namesakes apart. */
export function HitRow({ hit, text, onChoose }: { hit: CustomerHit; text: string; onChoose: () => void }) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { customerId } = useNavigation();
  const areaName = useAreaName();
  const words = useWords();
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
  const last = inside
    ? words.stay(inside.since, now)
    : lastVisitAt === null
      ? t('search.noVisit')
      : words.dayOrRecentShort(lastVisitAt, now);
  const range = customer.name === null ? null : matchedRange(text, customer.name);

  return (
    // An option of the search field, which keeps the focus and has the keys.
    // biome-ignore lint/a11y/noStaticElementInteractions: the row around it is the option.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys.
    <div
      className={classes.hit}
      data-testid="hit"
      data-customer={customer.customerId}
      data-active={chosen || undefined}
      onClick={onChoose}
    >
      <StandingIcon standing={standing} />
      <span className={classes.hitName} data-partial={range !== null || undefined}>
        {range && customer.name !== null ? (
          <span className="one-line" title={customer.name} data-named>
            {customer.name.slice(0, range[0])}
            <b>{customer.name.slice(...range)}</b>
            {customer.name.slice(range[1])}
          </span>
        ) : (
          <CustomerNameText customer={customer} />
        )}
      </span>
      <span className={classes.hitEnding}>{phoneEnding(hit.phone)}</span>
      <span
        className={`one-line ${classes.hitState}`}
        title={`${standingText} · ${where}`}
        data-named={inside ? true : undefined}
        data-standing={standing}
      >
        {standingText} · {where}
      </span>
      <span className={classes.hitLast}>{last}</span>
    </div>
  );
}
