import { useTranslation } from 'react-i18next';
import { formatNumber } from '../format';
import type { HolderLine } from '../holders';
import classes from './parts.module.css';

/** The largest number of holders that are listed; more are summed up in the last line. */
const HOLDERS_MAX = 3;

/** Lists where a customer's other points are, one line for each holder. */
export function HolderLines({ lines }: { lines: readonly HolderLine[] }) {
  const { t } = useTranslation('common');
  const shown = lines.length > HOLDERS_MAX ? lines.slice(0, HOLDERS_MAX - 1) : lines;
  const rest = lines.slice(shown.length);
  return (
    <ul className={classes.holders} aria-label={t('holder.label')} data-testid="holders">
      {shown.map(({ key, text, fullText }) => (
        <li key={key} title={fullText} data-testid="holder">
          {text}
        </li>
      ))}
      {rest.length > 0 && (
        <li title={rest.map(({ fullText }) => fullText).join('\n')} data-testid="holders-rest">
          {t('holder.rest', {
            value: formatNumber(rest.length),
            points: formatNumber(rest.reduce((sum, { points }) => sum + points, 0)),
          })}
        </li>
      )}
    </ul>
  );
}
