import { Skeleton } from '@mantine/core';
import { ScanBarcode, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AppError, CustomerCard } from '../../../backend';
import { Delayed, ErrorNotice } from '../../../shared/parts';
import { Actions } from './Actions';
import { BanFigures } from './BanFigures';
import { CustomerHead } from './CustomerHead';
import classes from './customer.module.css';
import { Figures } from './Figures';
import { RecentRecords } from './RecentRecords';
import type { DeskAction } from './useDeskActions';
import { VerdictBand } from './VerdictBand';

interface Props {
  customerId: string | null;
  card: CustomerCard | undefined;
  cardError: AppError | null;
  onRetry: () => void;
  actions: DeskAction[];
  /** Of an action that needs no dialog of its own. */
  actionError: AppError | null;
  onWhy: () => void;
  onEdit: () => void;
}

/** The customer in hand: verdict first, figures second, keys third, then what was recorded. */
export function CustomerPane({
  customerId,
  card,
  cardError,
  onRetry,
  actions,
  actionError,
  onWhy,
  onEdit,
}: Props) {
  const { t } = useTranslation('desk');
  return (
    <section className={classes.pane} data-testid="customer-pane">
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
            {card.verdict.standing === 'PROHIBITED' ? <BanFigures card={card} /> : <Figures card={card} />}
            <Actions actions={actions} />
            {actionError && <ErrorNotice error={actionError} />}
          </>
        )}
        <RecentRecords customerId={customerId} />
      </div>
    </section>
  );
}

function Cautions({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('desk');
  return (
    <>
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
