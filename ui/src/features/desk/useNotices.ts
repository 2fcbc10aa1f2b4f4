import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command, CustomerName, Outcome, Standing } from '../../backend';
import { formatNumber } from '../../shared/format';
import { useAreaName } from '../../shared/session';
import { useWords } from '../../shared/words';
import { shortAreaName } from './areaName';
import { undoOf } from './undo';

export interface Notice {
  kind: Outcome['type'] | 'nothingToUndo';
  title: string;
  detail: string;
  undo: Command | null;
  /** Of whom, for the words of an undo. */
  customer: CustomerName | null;
}

export interface Notices {
  notice: Notice | null;
  /** Words what was recorded and shows it until the next. */
  tell(outcome: Outcome, customer: CustomerName | null): void;
  tellNothingToUndo(): void;
}

export function useNotices(): Notices {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { nameOf } = useWords();
  const areaName = useAreaName();
  const [notice, setNotice] = useState<Notice | null>(null);

  const words = (outcome: Outcome, customer: CustomerName | null): [string, string] => {
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
      case 'areaCheckedOut':
        return [
          t('notice.areaCheckedOut', { area: area(outcome.areaId), value: formatNumber(outcome.count) }),
          t('notice.areaCheckedOutText'),
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
          t('notice.deductedText', after(outcome.outstanding, outcome.standing)),
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

  const tell = (outcome: Outcome, customer: CustomerName | null) => {
    const [title, detail] = words(outcome, customer);
    setNotice({ kind: outcome.type, title, detail, undo: undoOf(outcome), customer });
  };
  const tellNothingToUndo = () =>
    setNotice({
      kind: 'nothingToUndo',
      title: t('notice.nothingToUndo'),
      detail: t('notice.nothingToUndoText'),
      undo: null,
      customer: null,
    });
  return { notice, tell, tellNothingToUndo };
}
