import { Check, CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AppError, ImportRow } from '../../backend';
import type { ErrorWords } from '../../shared/errors';
import { formatNumber } from '../../shared/format';
import classes from './Import.module.css';

interface ImportRowsProps {
  rows: ImportRow[];
  wordsOf: (error: AppError) => ErrorWords;
}

/** Lists the rows of the file to import. Each shows its problem, or says that it will be imported. */
export function ImportRows({ rows, wordsOf }: ImportRowsProps) {
  const { t } = useTranslation('customers');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: makes a long list scrollable by keys
    <div className={classes.rows} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {(['line', 'name', 'phone', 'card', 'problem'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`import.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ line, name, phone, card, problem }) => (
            <tr key={line} data-testid="import-row" data-problem={problem?.code ?? ''}>
              <td>{formatNumber(line)}</td>
              <td className="one-line" data-named title={name}>
                {name}
              </td>
              <td className="one-line" data-named title={phone ?? ''}>
                {phone}
              </td>
              <td className="one-line" data-named title={card ?? ''}>
                {card}
              </td>
              <td>
                <span className={classes.result}>
                  {problem ? <CircleAlert size={16} aria-hidden /> : <Check size={16} aria-hidden />}
                  {problem ? wordsOf(problem).title : t('import.willRegister')}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
