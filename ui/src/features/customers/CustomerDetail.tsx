import { Button, Skeleton } from '@mantine/core';
import { CreditCard, FileText, Link2, Pencil, Printer, UserRound, UserRoundX } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard, SlipInput } from '../../backend';
import { NoticeDialog } from '../../shared/customer/NoticeDialog';
import { useKeeping } from '../../shared/data/keeping';
import { formatNumber, formatPhone } from '../../shared/format';
import { ActKbd } from '../../shared/keys/ActKbd';
import { CustomerNameText, Delayed, Kbd, PenaltyPoints, Points, StandingTag } from '../../shared/parts';
import { SlipDialog } from '../../shared/printing/SlipDialog';
import { useHasPrinter, usePrint } from '../../shared/printing/usePrinter';
import { useMayAct } from '../../shared/roles';
import { useAreaName } from '../../shared/session';
import { dottedDate, formatIsoDate, useNow } from '../../shared/time';
import { useWords } from '../../shared/words';
import classes from './Customers.module.css';
import { LinkedIds } from './LinkedIds';
import { OpenCases } from './OpenCases';

/** A balance of more letters than this is written smaller. */
const LONG_FROM = 13;

interface CustomerDetailProps {
  card: CustomerCard;
  onEdit: () => void;
  onCard: () => void;
  onMypage: () => void;
  /** Null for somebody who may not join ids. */
  onLink: (() => void) | null;
  onOther: (customerId: string) => void;
  onParted: () => void;
  /** Null for somebody who may not erase. */
  onErase: (() => void) | null;
}

/** The selected customer's details, with buttons to edit them. */
export function CustomerDetail(props: CustomerDetailProps) {
  const { card, onEdit, onCard, onMypage, onLink, onOther, onParted, onErase } = props;
  const { t } = useTranslation('customers');
  const { t: common } = useTranslation('common');
  const words = useWords();
  const areaName = useAreaName();
  const now = useNow();
  const mayReview = useMayAct()('supervisor');
  const notice = useKeeping().data?.notice ?? '';
  const [isNoticeOpen, setIsNoticeOpen] = useState(false);
  const { unknownHere } = card.customer;
  const isWalkIn = card.customer.name === null && !unknownHere;
  const lastVisit = card.lastVisit
    ? `${words.dayOrRecent(card.lastVisit.at, now)} · ${areaName(card.lastVisit.areaId) ?? common('unknownArea')}`
    : t('list.never');
  const facts: [string, string][] = [
    [t('detail.phone'), card.phone ? formatPhone(card.phone) : t('detail.noPhone')],
    [t('detail.card'), card.card ?? t('detail.noCard')],
    [t('detail.registered'), dottedDate(formatIsoDate(card.registeredAt))],
    [t('detail.consentOn'), card.consentOn ? dottedDate(card.consentOn) : t('detail.noConsent')],
    [t('detail.lastVisit'), lastVisit],
    [
      t('detail.visitsThisMonth'),
      card.visitsThisMonth === null
        ? t('detail.visitsUnknown')
        : t('detail.visits', { value: formatNumber(card.visitsThisMonth) }),
    ],
  ];
  return (
    <div className={classes.detail} data-testid="customer-detail" data-revision={card.revision}>
      <header className={classes.detailHead}>
        <h2 className={classes.detailName}>
          {card.erased ? common('erased') : <CustomerNameText customer={card.customer} />}
        </h2>
        <StandingTag standing={card.verdict.standing} />
      </header>
      {isWalkIn && !card.erased && <p className={classes.walkIn}>{t('detail.walkIn')}</p>}
      {unknownHere && !card.erased && <p className={classes.walkIn}>{t('detail.unknownHere')}</p>}
      {card.erased && <p className={classes.walkIn}>{t('detail.erased')}</p>}
      <dl className={classes.figures}>
        <div>
          <dt>{t('detail.balance')}</dt>
          <dd data-long={formatNumber(card.points.balance).length > LONG_FROM || undefined}>
            <Points value={card.points.balance} />
          </dd>
        </div>
        <div>
          <dt>{t('detail.outstanding')}</dt>
          <dd>
            <PenaltyPoints value={card.verdict.outstanding} />
          </dd>
        </div>
      </dl>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd data-selectable>{value}</dd>
          </div>
        ))}
      </dl>
      {!card.erased && !unknownHere && (
        <div className={classes.actions}>
          <Button
            size="md"
            leftSection={<Pencil size={16} strokeWidth={1.75} />}
            rightSection={<Kbd on="accent">Enter</Kbd>}
            data-testid="customer-edit"
            onClick={onEdit}
          >
            {t(isWalkIn ? 'detail.name' : 'detail.edit')}
          </Button>
          {!isWalkIn && (
            <Button
              size="md"
              variant="default"
              leftSection={<CreditCard size={16} strokeWidth={1.75} />}
              data-testid="customer-replace-card"
              onClick={onCard}
            >
              {t(card.card === null ? 'detail.giveCard' : 'detail.replaceCard')}
            </Button>
          )}
        </div>
      )}
      <Button
        size="md"
        variant="default"
        className={classes.mypage ?? ''}
        leftSection={<UserRound size={16} strokeWidth={1.75} />}
        rightSection={<ActKbd act="mypage" />}
        data-testid="customer-mypage"
        onClick={onMypage}
      >
        {t('detail.mypage')}
      </Button>
      {mayReview && <OpenCases customerId={card.customer.customerId} />}
      <LinkedIds customerId={card.customer.customerId} onOther={onOther} onParted={onParted} />
      <div className={classes.quietActions}>
        {!card.erased && <PrintButtons card={card} />}
        {onLink && !card.erased && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Link2 size={14} strokeWidth={1.75} />}
            data-testid="customer-link"
            onClick={onLink}
          >
            {t('link.open')}
          </Button>
        )}
        {notice !== '' && (
          <Button
            size="xs"
            variant="default"
            leftSection={<FileText size={14} strokeWidth={1.75} />}
            data-testid="customer-notice"
            onClick={() => setIsNoticeOpen(true)}
          >
            {t('notice.open')}
          </Button>
        )}
        {onErase && !card.erased && (
          <Button
            size="xs"
            variant="default"
            leftSection={<UserRoundX size={14} strokeWidth={1.75} />}
            data-testid="customer-erase"
            onClick={onErase}
          >
            {t('erase.open')}
          </Button>
        )}
      </div>
      {isNoticeOpen && <NoticeDialog notice={notice} onClose={() => setIsNoticeOpen(false)} />}
    </div>
  );
}

/** Print the customer's card and balance; without a receipt printer, by the system's dialog. */
function PrintButtons({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('printing');
  const hasPrinter = useHasPrinter();
  const print = usePrint();
  const [shown, setShown] = useState<SlipInput | null>(null);
  const { customerId } = card.customer;
  const begin = (slip: SlipInput) => (hasPrinter ? void print(slip) : setShown(slip));
  const button = (type: 'card' | 'balance') => (
    <Button
      size="xs"
      variant="default"
      leftSection={<Printer size={14} strokeWidth={1.75} />}
      data-testid={`customer-print-${type}`}
      onClick={() => begin({ type, customerId })}
    >
      {t(`customer.${type}`)}
    </Button>
  );
  return (
    <>
      {card.card !== null && button('card')}
      {button('balance')}
      {shown && <SlipDialog slip={shown} onClose={() => setShown(null)} />}
    </>
  );
}

/** A placeholder shown while the customer is loading. */
export function CustomerDetailSkeleton() {
  return (
    <Delayed>
      <div className={classes.detail}>
        <Skeleton height={36} width="60%" />
        <Skeleton height={64} />
        <Skeleton height={160} />
      </div>
    </Delayed>
  );
}
