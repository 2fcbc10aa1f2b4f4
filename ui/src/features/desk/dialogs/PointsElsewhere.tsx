import { useTranslation } from 'react-i18next';
import type { PointsView } from '../../../backend';
import { useSyncChip } from '../../../shared/data/sync';
import { formatNumber } from '../../../shared/format';
import { useHolderLines } from '../../../shared/holders';
import { HolderLines } from '../../../shared/parts';
import { useNow } from '../../../shared/time';
import classes from './dialogs.module.css';
import { PointsRequest } from './PointsRequest';

interface Props {
  /** Prefix of the test ids, as in `RecordDialog`. */
  name: string;
  points: PointsView;
  /** The points to pay; 0 if none, or more than the balance. */
  wanted: number;
  /** Whether the command is being sent. */
  isAsking: boolean;
}

/** For points beyond those that this terminal holds: says where the rest is, and that it is being requested. */
export function PointsElsewhere({ name, points, wanted, isAsking }: Props) {
  const { t } = useTranslation('desk');
  const holders = useHolderLines()(points.holders, useNow());
  const isOnline = useSyncChip().data?.state === 'online';
  if (wanted <= points.payableHere) return null;
  const givable = isOnline
    ? holders.reduce((sum, { isGiving, points: one }) => sum + (isGiving ? one : 0), 0)
    : 0;
  const caution =
    wanted <= points.payableHere + givable
      ? t('pay.willAsk', { points: formatNumber(points.payableHere) })
      : t('pay.beyondHere', { points: formatNumber(points.payableHere + givable) });
  return (
    <div className={classes.caution} data-testid={`${name}-caution`}>
      <PointsRequest name={name} isAsking={isAsking} holders={holders}>
        <p>{caution}</p>
      </PointsRequest>
      <HolderLines lines={holders} />
    </div>
  );
}
