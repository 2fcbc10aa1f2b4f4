import { NativeSelect } from '@mantine/core';
import { Check, CircleAlert, CircleMinus, PencilLine } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AppError, ImportRow, LineAction } from '../../backend';
import type { ErrorWords } from '../../shared/errors';
import { formatNumber } from '../../shared/format';
import classes from './Import.module.css';

interface ImportRowsProps {
  rows: ImportRow[];
  wordsOf: (error: AppError) => ErrorWords;
  /** Decides about one line; null while nothing can be decided. */
  onChoose: ((line: number, action: LineAction) => void) | null;
}

const ICONS = { add: Check, update: PencilLine, skip: CircleMinus };
const ACTIONS: readonly LineAction[] = ['skip', 'update', 'add'];

/** Lists the rows of the file to import. Each shows its problem, or says that it will be imported. */
export function ImportRows({ rows, wordsOf, onChoose }: ImportRowsProps) {
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
          {rows.map((row) => {
            const { line, name, phone, card, points, penaltyPoints, problem, action, duplicateOf } = row;
            const Icon = problem ? CircleAlert : ICONS[action];
            const words = problem
              ? wordsOf(problem).title
              : duplicateOf
                ? duplicateOf.line === null
                  ? t('import.here', { name: duplicateOf.name })
                  : t('import.sameAsLine', { line: formatNumber(duplicateOf.line) })
                : t(action === 'add' ? 'import.willRegister' : `import.action.${action}`);
            const brings = !problem && action !== 'skip';
            const opening = [
              brings && points !== null && t('import.bringsPoints', { value: formatNumber(points) }),
              brings &&
                penaltyPoints !== null &&
                t('import.bringsPenalty', { value: formatNumber(penaltyPoints) }),
              brings && row.hasOpening && t('import.hasOpening'),
            ].filter(Boolean);
            const isOpen = duplicateOf !== null || problem?.code === 'not_a_customer';
            return (
              <tr key={line} data-testid="import-row" data-problem={problem?.code ?? ''} data-action={action}>
                <td>{formatNumber(line)}</td>
                <td className="one-line" data-named title={name}>
                  {name}
                </td>
                <td className="one-line" data-named title={row.phoneGiven ?? phone ?? ''}>
                  {phone}
                </td>
                <td className="one-line" data-named title={row.cardGiven ?? card ?? ''}>
                  {card}
                </td>
                <td>
                  <span className={classes.result}>
                    <Icon size={16} aria-hidden />
                    <span className={classes.why}>{[words, ...opening].join(' · ')}</span>
                    {isOpen && onChoose && (
                      <NativeSelect
                        size="xs"
                        aria-label={t('import.decide', { line })}
                        value={action}
                        data-testid="import-line-action"
                        data={ACTIONS.filter((value) => value !== 'update' || duplicateOf?.line === null).map(
                          (value) => ({
                            value,
                            label: t(`import.action.${value}`),
                          }),
                        )}
                        onChange={(event) => onChoose(line, event.currentTarget.value as LineAction)}
                      />
                    )}
                  </span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
