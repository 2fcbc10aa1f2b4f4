import { useTranslation } from 'react-i18next';
import type { AreaOccupancy, Command, Occupant, Outcome } from '../../backend';
import { formatNumber } from '../format';
import { RecordConfirm } from '../parts';
import { useNow } from '../time';
import { useWords } from '../words';

interface ConfirmCallbacks {
  onClose: () => void;
  onDone: (outcome: Outcome, command: Command) => void;
}

/** Asks for confirmation before everyone in an area is checked out. The title has the number of people. */
export function EveryoneOutDialog({ area, ...callbacks }: ConfirmCallbacks & { area: AreaOccupancy }) {
  const { t } = useTranslation('desk');
  const value = formatNumber(area.present);
  return (
    <RecordConfirm
      {...callbacks}
      testid="everyone-out-dialog"
      title={t('everyoneOut.title', { area: area.area.name, value })}
      text={t('everyoneOut.text')}
      submit={t('everyoneOut.submit', { value })}
      command={{ type: 'checkOutArea', areaId: area.area.areaId }}
    />
  );
}

interface CloseVisitProps extends ConfirmCallbacks {
  occupant: Occupant;
  area: AreaOccupancy;
}

export function CloseVisitDialog({ occupant, area, ...callbacks }: CloseVisitProps) {
  const { t } = useTranslation('desk');
  const { nameOf, duration } = useWords();
  const now = useNow();
  return (
    <RecordConfirm
      {...callbacks}
      testid="close-visit-dialog"
      title={t('closing.title', { name: nameOf(occupant.customer) })}
      text={t('closing.text', { area: area.area.name, duration: duration(occupant.since, now) })}
      submit={t('closing.submit')}
      command={{ type: 'closeVisit', visitId: occupant.visitId, reason: 'forgotten' }}
    />
  );
}
