import { Modal } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useOccupancy } from '../data/queries';
import { formatNumber } from '../format';
import { useLanguage } from '../preferences';
import { useSession } from '../session';
import { formatMoment } from '../time';
import { useWords } from '../words';
import { EvacuationTables } from './EvacuationTables';

/** The evacuation list of everyone inside, with their phones, as a dialog. */
export function EvacuationDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('desk');
  const { facility } = useSession();
  const { nameOf } = useWords();
  const { data } = useOccupancy();
  const language = useLanguage();

  useEffect(() => {
    document.body.dataset.printing = 'dialog';
    return () => {
      delete document.body.dataset.printing;
    };
  }, []);

  const summary = data
    ? t('evacuation.summary', {
        time: formatMoment(data.asOf, language),
        value: formatNumber(data.total),
      })
    : '';
  const areas = (data?.areas ?? []).map(({ area, present, inside }) => ({
    areaId: area.areaId,
    name: area.name,
    present,
    people: inside.map(({ visitId, customer, phone, since }) => ({
      key: visitId,
      name: nameOf(customer),
      phone,
      since,
    })),
  }));
  return (
    <Modal
      opened
      onClose={onClose}
      size={800}
      title={t('evacuation.heading', { facility: facility.name })}
      data-testid="evacuation-dialog"
    >
      <EvacuationTables summary={summary} named={data?.total ?? 0} content="names" hasPhones areas={areas} />
    </Modal>
  );
}
