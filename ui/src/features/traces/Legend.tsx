import { useTranslation } from 'react-i18next';
import classes from './Timeline.module.css';

const KINDS = ['in', 'work', 'follows', 'exchange', 'problem'] as const;

/** Explains the colours of spans. Each row also says the same as text. */
export function Legend() {
  const { t } = useTranslation('traces');
  return (
    <ul className={classes.legend}>
      {KINDS.map((kind) => (
        <li key={kind}>
          <span
            className={classes.swatch}
            data-kind={kind === 'problem' ? 'work' : kind}
            data-problem={kind === 'problem' || undefined}
            aria-hidden
          />
          {t(`legend.${kind}`)}
        </li>
      ))}
    </ul>
  );
}
