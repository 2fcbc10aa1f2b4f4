import { useTranslation } from 'react-i18next';
import type { Outcome } from '../../../backend';
import { formatNumber } from '../../../shared/format';
import { useAreaName } from '../../../shared/session';
import { useNow } from '../../../shared/time';
import { useWords } from '../../../shared/words';
import type { Undo } from '../undo';
import { Confirm } from './ConfirmDialogs';

interface Props {
  undo: Undo;
  onClose: () => void;
  onDone: (outcome: Outcome) => void;
}

/** Asks before an entry is undone that no notice shows: whose it is, what it is, and when it was recorded. */
export function UndoDialog({ undo, onClose, onDone }: Props) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { nameOf, clockOrDay, penaltyPoints } = useWords();
  const areaName = useAreaName();
  const now = useNow();
  const { command, customer, entry } = undo;
  const what = entry && [
    common(`factKind.${entry.kind}`),
    areaName(entry.areaId),
    entry.points !== null && common('points', { value: formatNumber(Math.abs(entry.points)) }),
    entry.penaltyPoints !== null && penaltyPoints(Math.abs(entry.penaltyPoints)),
    clockOrDay(entry.at, now),
  ];
  return (
    <Confirm
      testid="undo-dialog"
      title={t('undo.title', { name: customer ? nameOf(customer) : common('walkIn') })}
      text={(what || []).filter(Boolean).join(' · ')}
      submit={t('undo.submit')}
      command={command}
      onClose={onClose}
      onDone={onDone}
    />
  );
}
