import { useTranslation } from 'react-i18next';
import type { CustomerHit } from '../../backend';
import { formatNumber, formatPhone } from '../../shared/format';
import { CustomerNameText, StandingIcon } from '../../shared/parts';
import { useAreaName } from '../../shared/session';
import { useNow } from '../../shared/time';
import { useWords } from '../../shared/words';
import classes from './CustomerList.module.css';

interface CustomerRowProps {
  hit: CustomerHit;
  top: number;
  isChosen: boolean;
  onChoose: (customerId: string) => void;
}

/** One row of the list of customers. */
export function CustomerRow({ hit, top, isChosen, onChoose }: CustomerRowProps) {
  const { t } = useTranslation('customers');
  const { t: common } = useTranslation('common');
  const words = useWords();
  const areaName = useAreaName();
  const now = useNow();
  const lastVisit = () => {
    if (hit.inside)
      return t('list.insideNow', { area: areaName(hit.inside.areaId) ?? common('unknownArea') });
    return hit.lastVisitAt === null ? t('list.never') : words.dayOrRecent(hit.lastVisitAt, now);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search field's arrow keys select rows
    <div
      role="row"
      tabIndex={-1}
      aria-selected={isChosen}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      data-testid="customer-row"
      data-id={hit.customer.customerId}
      data-standing={hit.standing}
      onClick={() => onChoose(hit.customer.customerId)}
    >
      <span role="cell" className={classes.name}>
        <CustomerNameText customer={hit.customer} />
      </span>
      <span role="cell" className={`one-line ${classes.phone}`} data-named title={hit.phone ?? ''}>
        {hit.phone ? formatPhone(hit.phone) : <span className={classes.none}>–</span>}
      </span>
      <span role="cell" className={`one-line ${classes.card}`} data-named title={hit.card ?? ''}>
        {hit.card ?? <span className={classes.none}>–</span>}
      </span>
      <span role="cell" className={classes.standing} data-standing={hit.standing}>
        <StandingIcon standing={hit.standing} size={16} />
        {common(`standingShort.${hit.standing}`)}
        {hit.outstanding > 0 && (
          <span className={classes.points}>
            {t('list.outstanding', { points: formatNumber(hit.outstanding) })}
          </span>
        )}
      </span>
      <span role="cell" className={`one-line ${classes.visit}`} data-named title={lastVisit()}>
        {lastVisit()}
      </span>
    </div>
  );
}
