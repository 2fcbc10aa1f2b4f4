import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import classes from './SetUp.module.css';

/** The list of steps of the set-up, with the current one marked. */
export function StepList({ steps, step }: { steps: string[]; step: number }) {
  const { t } = useTranslation('setup');
  return (
    <ol className={classes.steps} aria-label={t('steps.label')}>
      {steps.map((name, index) => (
        <li
          key={name}
          data-state={index < step ? 'done' : index === step ? 'now' : 'later'}
          aria-current={index === step ? 'step' : undefined}
        >
          <span className={classes.stepMark}>
            {index < step ? <Check size={14} strokeWidth={2.5} aria-label={t('steps.done')} /> : index + 1}
          </span>
          {name}
        </li>
      ))}
    </ol>
  );
}
