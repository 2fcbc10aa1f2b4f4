import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command, CustomerName, Outcome, Standing } from '../../backend';
import { formatNumber } from '../../shared/format';
import { useAreaName } from '../../shared/session';
import { useWords } from '../../shared/words';
import { shortAreaName } from './areaName';
import { type Undo, undoOf } from './undo';

export interface Notice {
  kind: Outcome['type'] | 'nothingToUndo';
  title: string;
  detail: string;
  undo: Undo | null;
}

export interface Notices {
  notice: Notice | null;
  /** Shows a notice about the outcome of a command, until the next notice. */
  show(outcome: Outcome, customer: CustomerName | null, undo?: Command): void;
  showNothingToUndo(): void;
}

export function useNotices(): Notices {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { nameOf } = useWords();
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
          t('notice.checkedInText', { area: shortAreaName(area(outcome.areaId)) }),
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
      default:
        return [t('notice.saved', { name }), ''];
    }
  };

  const show = (outcome: Outcome, customer: CustomerName | null, undo?: Command) => {
    const [title, detail] = textsOf(outcome, customer);
    const command = undo ?? undoOf(outcome);
    setNotice({ kind: outcome.type, title, detail, undo: command && { command, customer } });
  };
  const showNothingToUndo = () =>
    setNotice({
      kind: 'nothingToUndo',
      title: t('notice.nothingToUndo'),
      detail: t('notice.nothingToUndoText'),
      undo: null,
    });
  return { notice, show, showNothingToUndo };
}
