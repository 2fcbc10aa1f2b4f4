import { Button } from '@mantine/core';
import { Printer } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type EvacuationList, useBackend } from '../../backend';
import { formatNumber } from '../format';
import { Kbd } from '../parts';
import { useLanguage } from '../preferences';
import { formatMoment, useNow } from '../time';
import { useWords } from '../words';
import classes from './evacuation.module.css';

/** Whoever is inside, by area, to print and check off in an evacuation; only their counts where the facility wants that. */
export function EvacuationSheet({ list }: { list: EvacuationList }) {
  const { t } = useTranslation('people');
  const { t: common } = useTranslation('common');
  const { clockOrDate } = useWords();
  const backend = useBackend();
  const language = useLanguage();
  const now = useNow();
  const isNamed = list.content === 'names';
  const print = () => {
    window.print();
    void backend.notePrinted({ count: isNamed ? list.total : 0 }).catch(() => {});
  };
  return (
    <>
      <div className={classes.head}>
        <span>
          {t('evacuation.summary', {
            time: formatMoment(list.asOf, language),
            terminal: list.terminalName,
            value: formatNumber(list.total),
          })}
        </span>
        <Button
          className={classes.noPrint ?? ''}
          data-autofocus
          autoFocus
          data-testid="evacuation-print"
          leftSection={<Printer size={16} strokeWidth={1.75} />}
          rightSection={<Kbd on="accent">Enter</Kbd>}
          onClick={print}
        >
          {t('evacuation.print')}
        </Button>
      </div>
      {list.total === 0 && <p className={classes.empty}>{t('evacuation.nobody')}</p>}
      {!isNamed && list.total > 0 && <p className={classes.counts}>{t('evacuation.countsOnly')}</p>}
      <div className={classes.evacuation} data-content={list.content}>
        {list.areas
          .filter(({ present }) => present > 0)
          .map(({ areaId, name, present, people }) => (
            <table key={areaId}>
              <caption data-testid="evacuation-area">
                {name} <span>{t('evacuation.people', { value: formatNumber(present) })}</span>
              </caption>
              <thead className="visually-hidden">
                <tr>
                  {(['name', 'since', 'seen'] as const).map((column) => (
                    <th key={column} scope="col">
                      {t(`evacuation.${column}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {people.map(({ name: person, since, forgotten }, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the list is read once and never changes.
                  <tr key={index} data-testid="evacuation-row">
                    <td>
                      {person ?? common('walkIn')}
                      {forgotten && <small> {t('evacuation.forgotten')}</small>}
                    </td>
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
    </>
  );
}
