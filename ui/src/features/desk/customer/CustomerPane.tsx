import { Skeleton } from '@mantine/core';
import { ClockAlert, ScanBarcode, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AppError, CustomerCard } from '../../../backend';
import { CustomerNotices, mostUrgent } from '../../../shared/customer/CustomerNotices';
import { useHolderLines } from '../../../shared/holders';
import { Delayed, ErrorNotice, HolderLines } from '../../../shared/parts';
import { useAreaName } from '../../../shared/session';
import { useNow } from '../../../shared/time';
import { useWords } from '../../../shared/words';
import { Actions } from './Actions';
import { BanFigures } from './BanFigures';
import { CustomerHead } from './CustomerHead';
import classes from './customer.module.css';
import { Figures } from './Figures';
import { RecentEntries } from './RecentEntries';
import type { ActionName, DeskAction } from './useDeskActions';
import { VerdictBand } from './VerdictBand';
import { VerdictStatus } from './VerdictStatus';

interface Props {
  customerId: string | null;
  card: CustomerCard | undefined;
  cardError: AppError | null;
  /** True while the card doesn't know yet of what was just recorded, or isn't this customer's. */
  isPending: boolean;
  onRetry: () => void;
  actions: DeskAction[];
  onAct: (name: ActionName) => void;
  /** The error of an action that has no dialog to show it. */
  actionError: AppError | null;
  onWhy: () => void;
  onEdit: () => void;
}

/** The selected customer: verdict, figures, actions, then recent entries. */
export function CustomerPane({
  customerId,
  card,
  cardError,
  isPending,
  onRetry,
  actions,
  onAct,
  actionError,
  onWhy,
  onEdit,
}: Props) {
  const { t } = useTranslation('desk');
  return (
    <section className={classes.pane} aria-busy={isPending} data-testid="customer-pane">
      <VerdictStatus card={card} />
      <div className={classes.work}>
        {customerId === null && (
          <div className={classes.none} data-testid="nobody">
            <ScanBarcode size={48} strokeWidth={1.25} aria-hidden />
            <h1 className={classes.noneTitle}>{t('none.title')}</h1>
            <p>{t('none.text')}</p>
          </div>
        )}
        {customerId !== null && cardError && <ErrorNotice error={cardError} onRetry={onRetry} />}
        {customerId !== null && !cardError && !card && (
          <Delayed>
            <Skeleton height={36} width="40%" />
            <Skeleton height={112} radius={8} />
            <Skeleton height={92} radius={8} />
            <Skeleton height={120} radius={8} />
          </Delayed>
        )}
        {card && (
          <>
            <CustomerHead card={card} onEdit={onEdit} />
            <VerdictBand verdict={card.verdict} onWhy={onWhy} />
            <Cautions card={card} />
            <CustomerNotices notices={mostUrgent(card.notices)} />
            {card.verdict.standing === 'PROHIBITED' ? <BanFigures card={card} /> : <Figures card={card} />}
            <Actions actions={actions} onAct={onAct} />
            {actionError && <ErrorNotice error={actionError} />}
            {card.verdict.standing !== 'PROHIBITED' && <PointsElsewhere card={card} />}
          </>
        )}
        <RecentEntries customerId={customerId} />
      </div>
    </section>
  );
}

/** Where a customer's other points are. It stands below the actions, so that they don't move when points arrive. */
function PointsElsewhere({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('common');
  const lines = useHolderLines()(card.points.holders, useNow());
  if (lines.length === 0) return null;
  return (
    <div className={classes.elsewhere} data-testid="points-elsewhere">
      <p>{t('holder.label')}</p>
      <HolderLines lines={lines} />
    </div>
  );
}

function Cautions({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { clockOrDay } = useWords();
  const areaName = useAreaName();
  const now = useNow();
  const { inside } = card;
  return (
    <>
      {inside?.forgotten && (
        <p className={classes.notice} data-testid="forgotten">
          <ClockAlert size={16} aria-hidden />
          {t('verdict.forgotten', {
            area: areaName(inside.areaId) ?? common('unknownArea'),
            time: clockOrDay(inside.since, now),
          })}
        </p>
      )}
      {card.erased && <p className={classes.notice}>{t('verdict.erased')}</p>}
      {card.needsUpdate && card.verdict.standing !== 'PROHIBITED' && (
        <p className={classes.notice}>
          <TriangleAlert size={16} aria-hidden />
          {t('verdict.needsUpdate')}
        </p>
      )}
    </>
  );
}
