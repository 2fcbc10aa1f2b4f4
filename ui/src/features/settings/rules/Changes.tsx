import { useTranslation } from 'react-i18next';
import type { RuleChangeView } from '../../../backend';
import { useChangeWords } from './changeWords';
import classes from './rules.module.css';

/** The values in which two sets differ, each with both sides. */
export function Changes({ changes }: { changes: RuleChangeView[] }) {
  const { t } = useTranslation('rules');
  const words = useChangeWords();
  return (
    <dl className={classes.changes} data-testid="rules-changes">
      {changes.map((change) => {
        const { name, from, to } = words(change);
        return (
          <div key={change.field}>
            <dt>{name}</dt>
            <dd>{t('change.from', { before: from, after: to })}</dd>
          </div>
        );
      })}
    </dl>
  );
}
