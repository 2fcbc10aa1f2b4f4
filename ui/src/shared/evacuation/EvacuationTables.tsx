import { Button } from '@mantine/core';
import { Printer } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type EvacuationContent, useBackend } from '../../backend';
import { formatNumber, formatPhone } from '../format';
import { Kbd } from '../parts';
import { useNow } from '../time';
import { useWords } from '../words';
import classes from './evacuation.module.css';

interface EvacuationTable {
  areaId: string;
  name: string;
  present: number;
  /** A phone that isn't given has no column; null is a person without one. */
  people: { key: string; name: ReactNode; phone?: string | null; since: number }[];
}

interface EvacuationTablesProps {
  summary: string;
  /** How many people the printed list names, for the access log. */
  named: number;
  content: EvacuationContent;
  hasPhones?: boolean;
  areas: EvacuationTable[];
  /** Stands between the head and the tables. */
  children?: ReactNode;
}

/** Whoever is inside, headed by area with counts, to print and check off in an evacuation. */
export function EvacuationTables({
  summary,
  named,
  content,
  hasPhones = false,
  areas,
  children,
}: EvacuationTablesProps) {
  const { t } = useTranslation('people');
  const { clockOrDate } = useWords();
  const backend = useBackend();
  const now = useNow();
  const columns = hasPhones
    ? (['name', 'phone', 'area', 'since', 'seen'] as const)
    : (['name', 'since', 'seen'] as const);
  return (
    <>
      <div className={classes.head}>
        <span>{summary}</span>
        <Button
          className={classes.noPrint ?? ''}
          data-autofocus
          autoFocus
          data-testid="evacuation-print"
          leftSection={<Printer size={16} strokeWidth={1.75} />}
          rightSection={<Kbd on="accent">Enter</Kbd>}
          onClick={() => {
            window.print();
            void backend.notePrinted({ count: named }).catch(() => {});
          }}
        >
          {t('evacuation.print')}
        </Button>
      </div>
      {children}
      <div className={classes.evacuation} data-content={content} data-phones={hasPhones || undefined}>
        {areas
          .filter(({ present }) => present > 0)
          .map(({ areaId, name, present, people }) => (
            <table key={areaId}>
              <caption data-testid="evacuation-area">
                {name} <span>{t('evacuation.people', { value: formatNumber(present) })}</span>
              </caption>
              <thead className="visually-hidden">
                <tr>
                  {columns.map((column) => (
                    <th key={column} scope="col">
                      {t(`evacuation.${column}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {people.map(({ key, name: person, phone, since }) => (
                  <tr key={key} data-testid="evacuation-row" data-no-phone={phone === null || undefined}>
                    <td>{person}</td>
                    {hasPhones && <td className={classes.phone}>{phone ? formatPhone(phone) : ''}</td>}
                    {hasPhones && <td hidden>{name}</td>}
                    <td className={classes.since}>{clockOrDate(since, now)}</td>
                    <td className={classes.seen}>
                      <span className={classes.box} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          ))}
      </div>
    </>
  );
}
