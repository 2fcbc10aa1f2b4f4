import { useTranslation } from 'react-i18next';
import type { PeriodReport, PeriodTerminal } from '../../backend';
import { formatNumber } from '../../shared/format';
import { useLanguage } from '../../shared/preferences';
import { formatMoment } from '../../shared/time';
import { Panel } from './Panel';
import classes from './Reports.module.css';

/** The terminals, and up to when the others are known here. */
export function Terminals({ report, onExport }: { report: PeriodReport; onExport: () => void }) {
  const { t } = useTranslation('reports');
  const { t: common } = useTranslation('common');
  const language = useLanguage();
  const { terminals, pending } = report;
  const known = ({ terminal: { heardAt }, isHere }: PeriodTerminal) => {
    // Alone, a terminal sends its records to nobody.
    if (isHere)
      return pending === 0 || terminals.length === 1
        ? t('here')
        : t('herePending', { value: formatNumber(pending) });
    return heardAt === null ? t('neverHeard') : t('heardAt', { time: formatMoment(heardAt, language) });
  };
  return (
    <Panel title={t('terminals')} note={t('note.terminals')} name="terminals" onExport={onExport}>
      <table className={classes.table} data-testid="period-terminals">
        <caption className="visually-hidden">{t('terminals')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('terminal')}</th>
            <th scope="col">{t('lines')}</th>
            <th scope="col">{t('known')}</th>
          </tr>
        </thead>
        <tbody>
          {terminals.map((row) => (
            <tr key={row.terminal.terminalId}>
              <th scope="row">{row.terminal.name ?? common('otherTerminal')}</th>
              <td>{formatNumber(row.lines)}</td>
              <td>{known(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
