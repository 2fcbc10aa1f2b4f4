import { Button } from '@mantine/core';
import { Presentation } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard, Verdict, Why } from '../../backend';
import { CustomerNotices } from '../../shared/customer/CustomerNotices';
import { formatNumber, formatPhone } from '../../shared/format';
import { useHolderLines } from '../../shared/holders';
import { ActKbd } from '../../shared/keys/ActKbd';
import { CustomerNameText, HolderLines, Kbd, Points, StandingTag } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { dottedDate, formatMonth, useNow } from '../../shared/time';
import { endedBan, pointsToBan } from '../../shared/why/verdictWords';
import classes from './Mypage.module.css';
import { OtherCustomer } from './OtherCustomer';

interface MypageHeaderProps {
  card: CustomerCard;
  /** What it was at another moment; null while it is read, and for now. */
  then: Why | null;
  isPast: boolean;
  onWhy: (side: 'verdict' | 'points') => void;
  onOther: () => void;
  /** Shows what the customers themselves may see. */
  onFacing: () => void;
}

/** The customer's name, balance, outstanding penalty, and the reason for the standing. */
export function MypageHeader({ card, then, isPast, onWhy, onOther, onFacing }: MypageHeaderProps) {
  const { t } = useTranslation('mypage');
  const { t: common } = useTranslation('common');
  const language = useLanguage();
  const verdict = then?.verdict ?? card.verdict;
  const balance = then?.points.balance ?? card.points.balance;
  const facts = [
    card.phone ? formatPhone(card.phone) : null,
    card.card ? t('head.card', { card: card.card }) : null,
    t('head.registered', { date: formatMonth(card.registeredAt, language) }),
  ].filter((fact) => fact !== null);
  return (
    <header className={classes.head}>
      <div className={classes.who}>
        <h1 className={classes.name}>
          {card.erased ? common('erased') : <CustomerNameText customer={card.customer} />}
          <span data-testid="mypage-standing" data-standing={verdict.standing}>
            <StandingTag standing={verdict.standing} />
          </span>
        </h1>
        <p className={classes.facts} data-selectable>
          {facts.join(' · ')}
        </p>
      </div>
      <dl className={classes.figures}>
        <div>
          <dt>{t('head.balance')}</dt>
          <dd data-testid="mypage-balance" data-value={balance}>
            <Points value={balance} />
            <button
              type="button"
              className={classes.why}
              data-testid="mypage-why-balance"
              title={t('head.whyBalance')}
              onClick={() => onWhy('points')}
            >
              {t('head.why')}
            </button>
          </dd>
        </div>
        <div>
          <dt>{t('head.outstanding')}</dt>
          <dd data-testid="mypage-outstanding" data-value={verdict.outstanding}>
            {formatNumber(verdict.outstanding)}
            <span className="unit">{t('head.ofLimit', { limit: formatNumber(verdict.prohibitAt) })}</span>
          </dd>
        </div>
        <div className={classes.reason}>
          <dt>{t('head.reason')}</dt>
          <dd>
            <Reason verdict={verdict} />{' '}
            <button
              type="button"
              className={classes.why}
              data-testid="mypage-why"
              onClick={() => onWhy('verdict')}
            >
              {t('head.why')} <ActKbd act="why" />
            </button>
          </dd>
        </div>
      </dl>
      <Button
        variant="default"
        leftSection={<Presentation size={16} strokeWidth={1.75} />}
        rightSection={<Kbd>Ctrl B</Kbd>}
        data-testid="mypage-facing"
        onClick={onFacing}
      >
        {t('facing.open')}
      </Button>
      <OtherCustomer testId="mypage-other" onClick={onOther} />
      {!isPast && <Caveats card={card} />}
    </header>
  );
}

function Reason({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation('mypage');
  const { outstanding, warnAt, prohibitAt, toLift, liftedOn } = verdict;
  const ended = endedBan(verdict);
  const shown = {
    outstanding: formatNumber(outstanding),
    warnAt: formatNumber(warnAt),
    prohibitAt: formatNumber(prohibitAt),
    left: formatNumber(pointsToBan(verdict)),
    toLift: formatNumber(toLift ?? 0),
  };
  if (verdict.standing === 'PROHIBITED') {
    const why = t(toLift === null ? 'reason.prohibitedPlain' : 'reason.prohibited', shown);
    return liftedOn === null ? why : `${why} ${t('reason.liftedOn', { day: dottedDate(liftedOn) })}`;
  }
  if (ended?.lastDay) return t('reason.ended', { day: dottedDate(ended.lastDay) });
  if (verdict.standing === 'WARNED') return t('reason.warned', shown);
  return t(outstanding === 0 ? 'reason.none' : 'reason.belowWarn', shown);
}

/** Reasons why the figures may be incomplete. */
function Caveats({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('mypage');
  const { balance, payableHere } = card.points;
  const holders = useHolderLines()(card.points.holders, useNow());
  const lines: string[] = [];
  if (card.erased) lines.push(t('head.erased'));
  if (card.needsUpdate) lines.push(t('head.needsUpdate'));
  if (card.verdict.behind) lines.push(t('head.behind'));
  if (payableHere < balance) lines.push(t('head.payableHere', { points: formatNumber(payableHere) }));
  if (lines.length === 0 && holders.length === 0 && card.notices.length === 0) return null;
  return (
    <div className={classes.notices} data-testid="mypage-notices">
      {lines.length > 0 && <p>{lines.join(' ')}</p>}
      <CustomerNotices notices={card.notices} />
      {holders.length > 0 && <HolderLines lines={holders} />}
    </div>
  );
}
