import { Checkbox, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type {
  ColumnUse,
  DuplicateBy,
  ImportChoices,
  ImportPreview,
  LineAction,
  ListEncoding,
} from '../../backend';
import { formatNumber } from '../../shared/format';
import { codeName } from '../../shared/openWords';
import { useSession } from '../../shared/session';
import classes from './Import.module.css';

const ENCODINGS: readonly ListEncoding[] = ['UTF-8', 'CP949', 'UTF-16LE', 'UTF-16BE'];
const DELIMITERS = [',', ';', '|', '\t'] as const;
const USES: readonly ColumnUse[] = [
  'name',
  'surname',
  'givenName',
  'phone',
  'card',
  'points',
  'penaltyPoints',
  'nothing',
];
const ACTIONS: readonly LineAction[] = ['skip', 'update', 'add'];
const SAME: readonly DuplicateBy[] = ['nameAndPhone', 'phone'];
/** The lines of which one may be chosen as the one with the columns' names. */
const HEADER_LINES = 30;

interface Props {
  preview: ImportPreview;
  isBusy: boolean;
  onChoose: (choices: ImportChoices) => void;
}

/** How the list was read, and what each column becomes. All of it was found out by the program and can be chosen. */
export function ImportReading({ preview, isBusy, onChoose }: Props) {
  const { t } = useTranslation('customers');
  const { t: common } = useTranslation('common');
  const { rules } = useSession();
  const { choices, encoding, delimiter, sheet, sheets, headerLine, columns } = preview;
  /** Another reading of the file makes the choices about its columns and lines meaningless. */
  const read = (change: ImportChoices) => {
    const { columns: _, lines: __, ...kept } = choices;
    onChoose({ ...kept, ...change });
  };
  const choose = (change: ImportChoices) => onChoose({ ...choices, ...change });
  const become = (index: number, use: ColumnUse) =>
    choose({ columns: columns.map(({ becomes }, at) => (at === index ? use : becomes)) });
  const hasPenalties = columns.some(({ becomes }) => becomes === 'penaltyPoints');
  const unread = columns.filter(({ becomes }) => becomes === 'nothing').length;
  return (
    <section className={classes.reading} aria-label={t('import.reading')} data-testid="import-reading">
      <div className={classes.choices}>
        {encoding !== null && (
          <NativeSelect
            label={t('import.encoding')}
            value={encoding}
            disabled={isBusy}
            data-testid="import-encoding"
            data={ENCODINGS.map((value) => ({ value, label: value }))}
            onChange={(event) => read({ encoding: event.currentTarget.value as ListEncoding })}
          />
        )}
        {delimiter !== null && (
          <NativeSelect
            label={t('import.delimiter')}
            value={delimiter}
            disabled={isBusy}
            data-testid="import-delimiter"
            data={DELIMITERS.map((value) => ({
              value,
              label: t(`import.delimiters.${delimiterKey(value)}`),
            }))}
            onChange={(event) => read({ delimiter: event.currentTarget.value })}
          />
        )}
        {sheets.length > 1 && (
          <NativeSelect
            label={t('import.sheet')}
            value={sheet ?? ''}
            disabled={isBusy}
            data-testid="import-sheet"
            data={sheets}
            onChange={(event) => {
              const { headerLine: _, ...others } = choices;
              const { columns: __, lines: ___, ...kept } = others;
              onChoose({ ...kept, sheet: event.currentTarget.value });
            }}
          />
        )}
        <NativeSelect
          label={t('import.headerLine')}
          value={String(headerLine ?? 0)}
          disabled={isBusy}
          data-testid="import-header-line"
          data={Array.from({ length: Math.max(HEADER_LINES, headerLine ?? 0) + 1 }, (_, line) => ({
            value: String(line),
            label: line === 0 ? t('import.noHeader') : t('import.lineNumber', { line }),
          }))}
          onChange={(event) => read({ headerLine: Number(event.currentTarget.value) })}
        />
        <NativeSelect
          label={t('import.same')}
          value={choices.duplicatesBy ?? 'nameAndPhone'}
          disabled={isBusy}
          data-testid="import-same"
          data={SAME.map((value) => ({ value, label: t(`import.sameBy.${value}`) }))}
          onChange={(event) => choose({ duplicatesBy: event.currentTarget.value as DuplicateBy })}
        />
        <NativeSelect
          label={t('import.duplicates')}
          value={choices.duplicates ?? 'skip'}
          disabled={isBusy}
          data-testid="import-duplicates"
          data={ACTIONS.map((value) => ({ value, label: t(`import.action.${value}`) }))}
          onChange={(event) => choose({ duplicates: event.currentTarget.value as LineAction })}
        />
        {hasPenalties && (
          <NativeSelect
            label={t('import.penaltyCode')}
            value={preview.penaltyCode ?? ''}
            disabled={isBusy}
            data-testid="import-penalty-code"
            data={rules.codes.map(({ code }) => ({ value: code, label: codeName(common, code) }))}
            onChange={(event) => choose({ penaltyCode: event.currentTarget.value })}
          />
        )}
      </div>
      {(preview.phoneZerosLost > 0 || preview.cardDigitsLost !== null) && (
        <div className={classes.zeros}>
          {preview.phoneZerosLost > 0 && (
            <Checkbox
              label={t('import.phoneZeros', { value: formatNumber(preview.phoneZerosLost) })}
              checked={choices.phoneZeros ?? true}
              disabled={isBusy}
              data-testid="import-phone-zeros"
              onChange={(event) => choose({ phoneZeros: event.currentTarget.checked })}
            />
          )}
          {preview.cardDigitsLost !== null && (
            <Checkbox
              label={t('import.cardDigits', { value: preview.cardDigitsLost })}
              checked={choices.cardDigits !== undefined}
              disabled={isBusy}
              data-testid="import-card-digits"
              onChange={(event) => {
                const { cardDigits: _, ...others } = choices;
                const digits = preview.cardDigitsLost;
                onChoose(
                  event.currentTarget.checked && digits !== null ? { ...others, cardDigits: digits } : others,
                );
              }}
            />
          )}
        </div>
      )}
      <ul className={classes.columns} aria-label={t('import.columnsTitle')}>
        {columns.map(({ header, becomes, samples }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place in the list
          <li key={index} data-testid="import-column" data-becomes={becomes}>
            <strong className="one-line" data-named title={header}>
              {header === '' ? t('import.unnamedColumn', { number: index + 1 }) : header}
            </strong>
            <span className={`one-line ${classes.samples}`} data-named title={samples.join('\n')}>
              {samples.length === 0 ? t('import.emptyColumn') : samples.join(' · ')}
            </span>
            <NativeSelect
              aria-label={t('import.becomes', { column: header || index + 1 })}
              value={becomes}
              disabled={isBusy}
              data-testid="import-becomes"
              data={USES.map((value) => ({ value, label: t(`import.use.${value}`) }))}
              onChange={(event) => become(index, event.currentTarget.value as ColumnUse)}
            />
          </li>
        ))}
      </ul>
      {(unread > 0 || preview.titles.length > 0) && (
        <p className={classes.notRead}>
          {unread > 0 && t('import.unread', { count: unread, value: formatNumber(unread) })}{' '}
          {preview.titles.length > 0 &&
            t('import.titles', { count: preview.titles.length, value: formatNumber(preview.titles.length) })}
        </p>
      )}
    </section>
  );
}

function delimiterKey(delimiter: (typeof DELIMITERS)[number]) {
  return ({ ',': 'comma', ';': 'semicolon', '|': 'bar', '\t': 'tab' } as const)[delimiter];
}
