import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LineKind } from '../../backend';
import { formatNumber, formatSigned } from '../format';
import { FactKindIcon } from '../parts';
import { formatShortMoment, useNow } from '../time';
import classes from './why.module.css';

/** A fact or an ending, with the sum after it. */
export interface FactLine {
  at: number;
  kind: LineKind;
  details: string;
  who: string;
  generation: number | null;
  change: number;
  sum: number;
  tone: 'ok' | 'bad' | undefined;
}

/** What adds up to a sum, line by line. */
export function FactTable({ lines, first }: { lines: FactLine[]; first?: ReactNode }) {
  const { t } = useTranslation('common');
  const now = useNow();
  return (
    <div className={classes.scroll}>
      <table className={classes.facts}>
        <thead>
          <tr>
            <th scope="col">{t('why.when')}</th>
            <th scope="col">{t('why.what')}</th>
            <th scope="col">{t('why.who')}</th>
            <th scope="col">{t('why.rules')}</th>
            <th scope="col" data-number>
              {t('why.change')}
            </th>
            <th scope="col" data-number>
              {t('why.left')}
            </th>
          </tr>
        </thead>
        <tbody>
          {first}
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change their order
            <tr key={index} data-testid="why-line" data-kind={line.kind}>
              <td>{formatShortMoment(line.at, now)}</td>
              <td>
                <span className={classes.what} data-tone={line.tone}>
                  <FactKindIcon kind={line.kind} />
                  <span>
                    <strong>{t(`factKind.${line.kind}`)}</strong> {line.details}
                  </span>
                </span>
              </td>
              <td>{line.who}</td>
              <td data-short>
                {line.generation === null ? '–' : t('why.generation', { generation: line.generation })}
              </td>
              <td data-number data-tone={line.tone}>
                {formatSigned(line.change)}
              </td>
              <td data-number data-strong>
                {formatNumber(line.sum)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
