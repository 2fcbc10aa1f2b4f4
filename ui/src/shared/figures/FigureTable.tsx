import { useTranslation } from 'react-i18next';
import type { DayItem, DayLine } from '../../backend';
import { formatNumber, formatSigned } from '../format';
import { codeName, groundName } from '../openWords';
import classes from './FigureTable.module.css';

/** The parts of the table. A figure without a unit is only counted. */
const PARTS: { name: 'people' | 'points' | 'penalties'; unit: 'P' | '점' | null; items: DayItem[] }[] = [
  {
    name: 'people',
    unit: null,
    items: ['visits', 'visitsVoided', 'refusals', 'overrides', 'enteredAfterwards'],
  },
  {
    name: 'points',
    unit: 'P',
    items: [
      ...(['earned', 'paid', 'paymentsVoided', 'deductionPrices'] as const),
      ...(['adjusted', 'expired', 'writtenOff', 'given'] as const),
    ],
  },
  {
    name: 'penalties',
    unit: '점',
    items: ['penalties', 'penaltiesVoided', 'deductions', 'deductionsVoided', 'lapsed'],
  },
];

/** What a line is about, such as `패널티 · 반복`. */
export function useLineName() {
  const { t } = useTranslation('day');
  const { t: common } = useTranslation('common');
  return ({ item, code, ground }: DayLine) => {
    const word = (code && codeName(common, code)) || (ground && groundName(common, ground));
    return word ? `${t(`item.${item}`)} · ${word}` : t(`item.${item}`);
  };
}

/** Whether the points of an item count: those without are only counted. */
export const unitOf = (item: DayItem) => PARTS.find(({ items }) => items.includes(item))?.unit ?? null;

/** Figures: what this terminal recorded, and what is known here of the facility. */
export function FigureTable({ lines, caption }: { lines: readonly DayLine[]; caption: string }) {
  const { t } = useTranslation('day');
  const { t: common } = useTranslation('common');
  const lineName = useLineName();
  const cells = (figure: DayLine['here'] | null, unit: string | null) =>
    figure === null ? (
      <td colSpan={2} className={classes.unknown}>
        {t('onlyHere')}
      </td>
    ) : (
      <>
        <td>{formatNumber(figure.count)}</td>
        <td>{unit && (figure.points === 0 ? '0' : formatSigned(figure.points))}</td>
      </>
    );
  return (
    <table className={classes.table} data-testid="day-table">
      <caption className="visually-hidden">{caption}</caption>
      <colgroup>
        <col />
        <col span={4} />
      </colgroup>
      <thead>
        <tr>
          <td rowSpan={2} />
          <th colSpan={2} scope="colgroup">
            {t('here')}
          </th>
          <th colSpan={2} scope="colgroup" data-first>
            {t('facility')}
          </th>
        </tr>
        <tr>
          {(['here', 'facility'] as const).flatMap((of) =>
            (['count', 'sum'] as const).map((column) => (
              <th
                key={`${of} ${column}`}
                scope="col"
                data-first={(of === 'facility' && column === 'count') || undefined}
              >
                {t(column)}
              </th>
            )),
          )}
        </tr>
      </thead>
      {PARTS.map(({ name, unit, items }) => (
        <tbody key={name}>
          <tr className={classes.part}>
            <th colSpan={5} scope="rowgroup">
              {t(`part.${name}`)}
              {unit && <small> {unit === 'P' ? t('unitPoints') : common('unitPenalty')}</small>}
            </th>
          </tr>
          {items.flatMap((item) =>
            lines
              .filter((line) => line.item === item)
              .map((line) => (
                <tr
                  key={`${item} ${line.code} ${line.ground}`}
                  data-testid={`day-line-${item}`}
                  data-none={(line.facility ?? line.here).count === 0 || undefined}
                >
                  <th scope="row">{lineName(line)}</th>
                  {cells(line.here, unit)}
                  {cells(line.facility, unit)}
                </tr>
              )),
          )}
        </tbody>
      ))}
    </table>
  );
}
