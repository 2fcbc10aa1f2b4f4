import { useTranslation } from 'react-i18next';
import type { EvacuationList } from '../../backend';
import { formatNumber } from '../format';
import { useLanguage } from '../preferences';
import { formatMoment } from '../time';
import { EvacuationTables } from './EvacuationTables';
import classes from './evacuation.module.css';

/** The evacuation list before anyone has signed in; only counts where the facility wants that. */
export function EvacuationSheet({ list }: { list: EvacuationList }) {
  const { t } = useTranslation('people');
  const { t: common } = useTranslation('common');
  const language = useLanguage();
  const isNamed = list.content === 'names';
  const summary = t('evacuation.summary', {
    time: formatMoment(list.asOf, language),
    terminal: list.terminalName,
    value: formatNumber(list.total),
  });
  const areas = list.areas.map(({ people, ...area }) => ({
    ...area,
    // The list is read once and never changes, so a position is a person.
    people: people.map(({ name, since, forgotten }, position) => ({
      key: String(position),
      name: (
        <>
          {name ?? common('walkIn')}
          {forgotten && <small> {t('evacuation.forgotten')}</small>}
        </>
      ),
      since,
    })),
  }));
  return (
    <EvacuationTables summary={summary} named={isNamed ? list.total : 0} content={list.content} areas={areas}>
      {list.total === 0 && <p className={classes.note}>{t('evacuation.nobody')}</p>}
      {!isNamed && list.total > 0 && <p className={classes.note}>{t('evacuation.countsOnly')}</p>}
    </EvacuationTables>
  );
}
