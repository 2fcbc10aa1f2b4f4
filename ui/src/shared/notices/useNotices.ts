import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerName, Outcome, Standing } from '../../backend';
import { shortAreaName } from '../areaName';
import { formatNumber } from '../format';
import { useAreaName } from '../session';
import type { Step } from '../undo';
import { useWords } from '../words';

export interface Notice {
  kind: Outcome['type'] | 'nothingToUndo' | 'nothingToRedo';
  title: string;
  detail: string;
  /** Takes back what the notice is about, or does it again. */
  step: Step | null;
}

export interface Notices {
  notice: Notice | null;
  /** Shows a notice about the outcome of a command, with the step that reverses it, until the next notice. */
  show(outcome: Outcome, customer: CustomerName | null, step: Step | null): void;
  showNothing(direction: Step['direction']): void;
}

export function useNotices(): Notices {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { nameOf, clockOrDay } = useWords();
  const areaName = useAreaName();
  const [notice, setNotice] = useState<Notice | null>(null);

  const textsOf = (outcome: Outcome, customer: CustomerName | null): [string, string] => {
    const name = customer ? nameOf(customer) : common('walkIn');
    const area = (areaId: string) => areaName(areaId) ?? common('unknownArea');
    const after = (outstanding: number, standing: Standing) => ({
      outstanding: formatNumber(outstanding),
      standing: common(`standing.${standing}`),
    });
    switch (outcome.type) {
      case 'checkedIn':
        return [
          t('notice.checkedIn', { name }),
          [
            t('notice.checkedInText', { area: shortAreaName(area(outcome.areaId)) }),
            ...outcome.closed.map((visit) =>
              t('notice.closedForgotten', {
                area: shortAreaName(area(visit.areaId)),
                when: clockOrDay(visit.since, Date.now()),
              }),
            ),
          ].join(' '),
        ];
      case 'checkedOut':
        return [
          t('notice.checkedOut', { name }),
          outcome.points === null
            ? t('notice.checkedOutNone')
            : t('notice.checkedOutText', { points: formatNumber(outcome.points) }),
        ];
      case 'checkOutTakenBack':
        return [
          t('notice.checkOutTakenBack', { name }),
          outcome.points === 0
            ? t('notice.checkOutTakenBackNone')
            : t('notice.checkOutTakenBackText', { points: formatNumber(outcome.points) }),
        ];
      case 'areaCheckedOut':
        return [
          t('notice.areaCheckedOut', { area: area(outcome.areaId), value: formatNumber(outcome.count) }),
          [
            outcome.count > 0 && t('notice.areaCheckedOutText'),
            outcome.closed > 0 && t('notice.areaClosedText', { value: formatNumber(outcome.closed) }),
            outcome.left > 0 && t('notice.areaLeftText', { value: formatNumber(outcome.left) }),
          ]
            .filter(Boolean)
            .join(' '),
        ];
      case 'areaCheckOutTakenBack':
        return [
          t('notice.areaCheckOutTakenBack', {
            area: area(outcome.areaId),
            value: formatNumber(outcome.count),
          }),
          [
            outcome.points === 0
              ? t('notice.checkOutTakenBackNone')
              : t('notice.checkOutTakenBackText', { points: formatNumber(outcome.points) }),
            outcome.left > 0 && t('notice.areaNotTakenBack', { value: formatNumber(outcome.left) }),
          ]
            .filter(Boolean)
            .join(' '),
        ];
      case 'visitEnded':
        return outcome.status === 'VOIDED'
          ? [t('notice.visitVoided'), t('notice.visitVoidedText', { name })]
          : [t('notice.visitClosed', { name }), t('notice.checkedOutNone')];
      case 'paid':
        return [
          t('notice.paid', { name }),
          t('notice.paidText', {
            points: formatNumber(outcome.points),
            balance: formatNumber(outcome.balance),
          }),
        ];
      case 'paymentVoided':
        return [
          t('notice.paymentVoided'),
          t('notice.paymentVoidedText', {
            points: formatNumber(outcome.points),
            balance: formatNumber(outcome.balance),
          }),
        ];
      case 'penaltyImposed':
        return [
          t('notice.imposed', { name, points: formatNumber(outcome.points) }),
          t('notice.imposedText', after(outcome.outstanding, outcome.standing)),
        ];
      case 'penaltyDeducted':
        return [
          t('notice.deducted', { name, points: formatNumber(outcome.points) }),
          outcome.price === null
            ? t('notice.deductedText', after(outcome.outstanding, outcome.standing))
            : t('notice.deductedPaidText', {
                ...after(outcome.outstanding, outcome.standing),
                price: formatNumber(outcome.price),
                balance: formatNumber(outcome.balance ?? 0),
              }),
        ];
      case 'penaltyVoided':
        return [
          t('notice.penaltyVoided'),
          t('notice.deductedText', after(outcome.outstanding, outcome.standing)),
        ];
      case 'penaltyDeductionVoided':
        return [
          t('notice.deductionVoided', { name, points: formatNumber(outcome.points) }),
          outcome.price === null
            ? t('notice.deductedText', after(outcome.outstanding, outcome.standing))
            : t('notice.deductionVoidedPaidText', {
                ...after(outcome.outstanding, outcome.standing),
                price: formatNumber(outcome.price),
                balance: formatNumber(outcome.balance ?? 0),
              }),
        ];
      default:
        return [t('notice.saved', { name }), ''];
    }
  };

  const show = (outcome: Outcome, customer: CustomerName | null, step: Step | null) => {
    const [title, detail] = textsOf(outcome, customer);
    setNotice({ kind: outcome.type, title, detail, step });
  };
  const showNothing = (direction: Step['direction']) => {
    const kind = direction === 'undo' ? 'nothingToUndo' : 'nothingToRedo';
    setNotice({ kind, title: t(`notice.${kind}`), detail: t(`notice.${kind}Text`), step: null });
  };
  return { notice, show, showNothing };
}
