import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Moment, Verdict } from '../../backend';
import { useHotkeys } from '../hotkeys';
import { ActKbd } from '../keys/ActKbd';
import { PointsReasons } from './PointsReasons';
import { VerdictReasons } from './VerdictReasons';
import classes from './why.module.css';

const SIDES = ['verdict', 'points'] as const;
export type WhySide = (typeof SIDES)[number];

interface Props {
  customerId: string;
  verdict: Verdict;
  /** Another moment than now, which the verdict is of. */
  moment?: Moment;
  side: WhySide;
  onSide: (side: WhySide) => void;
  inDialog?: boolean;
}

/** Explains a customer's verdict, or the balance. F9 turns from one to the other. */
export function WhySides({ customerId, verdict, moment, side, onSide, inDialog = false }: Props) {
  const { t } = useTranslation('common');
  useHotkeys(
    { why: ({ repeat }) => repeat || onSide(side === 'verdict' ? 'points' : 'verdict') },
    { inDialog },
  );
  return (
    <>
      <div className={classes.sides}>
        <SegmentedControl
          aria-label={t('why.side')}
          value={side}
          onChange={(value) => onSide(value as WhySide)}
          data={SIDES.map((value) => ({
            value,
            label: <span data-testid={`why-side-${value}`}>{t(`why.sides.${value}`)}</span>,
          }))}
        />
        <ActKbd act="why" />
      </div>
      {side === 'verdict' ? (
        <VerdictReasons verdict={verdict} />
      ) : (
        <PointsReasons customerId={customerId} {...(moment ? { moment } : {})} />
      )}
    </>
  );
}
