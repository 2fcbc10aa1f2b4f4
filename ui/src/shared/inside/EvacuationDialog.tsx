import { Button, Modal } from '@mantine/core';
import { Printer } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useBackend } from '../../backend';
import { useOccupancy } from '../data/queries';
import { formatNumber, formatPhone } from '../format';
import { useLanguage } from '../preferences';
import { useSession } from '../session';
import { formatMoment, useNow } from '../time';
import { useWords } from '../words';
import classes from './evacuationDialog.module.css';

/** A list of everyone inside, headed by area with counts, to print and check off in an evacuation. */
export function EvacuationDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('desk');
  const { facility } = useSession();
  const { nameOf, clockOrDate } = useWords();
  const { data } = useOccupancy();
  const language = useLanguage();
  const now = useNow();
  const backend = useBackend();

  useEffect(() => {
    document.body.dataset.printing = 'dialog';
    return () => {
      delete document.body.dataset.printing;
    };
  }, []);

  return (
    <Modal
      opened
      onClose={onClose}
      size={800}
      title={t('evacuation.heading', { facility: facility.name })}
      data-testid="evacuation-dialog"
    >
      <div className={classes.evacuationHead}>
        <span>
          {data &&
            t('evacuation.summary', {
              time: formatMoment(data.asOf, language),
              value: formatNumber(data.total),
            })}
        </span>
        <Button
          className={classes.noPrint}
          data-autofocus
          data-testid="evacuation-print"
          leftSection={<Printer size={16} strokeWidth={1.75} />}
          onClick={() => {
            window.print();
            void backend.notePrinted({ count: data?.total ?? 0 }).catch(() => {});
          }}
        >
          {t('evacuation.print')}
        </Button>
      </div>
      <div className={classes.evacuation}>
        {data?.areas
          .filter(({ inside }) => inside.length > 0)
          .map(({ area, inside, present }) => (
            <table key={area.areaId}>
              <caption data-testid="evacuation-area">
                {area.name} <span>{t('inside.people', { value: formatNumber(present) })}</span>
              </caption>
              <thead className="visually-hidden">
                <tr>
                  {(['name', 'phone', 'area', 'since', 'seen'] as const).map((column) => (
                    <th key={column} scope="col">
                      {t(`evacuation.${column}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {inside.map(({ customer, phone, visitId, since }) => (
                  <tr key={visitId} data-testid="evacuation-row" data-no-phone={phone === null || undefined}>
                    <td>{nameOf(customer)}</td>
                    <td>{phone === null ? '' : formatPhone(phone)}</td>
                    <td hidden>{area.name}</td>
                    <td>{clockOrDate(since, now)}</td>
                    <td>
                      <span className={classes.box} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          ))}
      </div>
    </Modal>
  );
}
