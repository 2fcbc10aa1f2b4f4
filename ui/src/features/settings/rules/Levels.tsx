import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LevelForm } from '../../../backend';
import { Problem } from './entries';
import { NumberField, OptionalField, useDraft } from './fields';
import classes from './rules.module.css';

const LEVELS_MAX = 4;

/** The outstanding points from which a customer is warned and prohibited. */
export function Levels() {
  const { t } = useTranslation('rules');
  const { form, change } = useDraft();
  const { levels } = form;
  const set = (index: number, part: Partial<LevelForm>) =>
    change({ levels: levels.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  return (
    <>
      <NumberField
        path="warnAt"
        stored="levels"
        label={t('field.warnAt')}
        unit="penalty"
        value={form.warnAt}
        onChange={(warnAt) => change({ warnAt })}
      />
      {levels.map((level, index) => {
        const number = index + 1;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a level is its place in the list
          <div key={index} className={classes.entryFields} data-testid="rules-level">
            <NumberField
              path={`levels.${index}.at`}
              stored="levels"
              label={t('field.levelAt', { number })}
              unit="penalty"
              value={level.at}
              onChange={(at) => set(index, { at })}
            />
            <OptionalField
              path={`levels.${index}.days`}
              stored="levels"
              label={t('field.levelDays', { number })}
              unit="days"
              value={level.days}
              proposed="30"
              offLabel={t('noEnd')}
              onChange={(days) => set(index, { days })}
            />
            {levels.length > 1 && (
              <Button
                className={classes.entryButton ?? ''}
                size="xs"
                variant="default"
                aria-label={t('removeLevel', { number })}
                data-testid={`rules-levels.${index}.remove`}
                onClick={() => change({ levels: levels.filter((_, at) => at !== index) })}
              >
                {t('removeCode')}
              </Button>
            )}
          </div>
        );
      })}
      <Problem path="levels" />
      {levels.length < LEVELS_MAX && (
        <Button
          size="md"
          variant="default"
          className={classes.add ?? ''}
          data-testid="rules-add-level"
          onClick={() => change({ levels: [...levels, { at: '', days: null }] })}
        >
          {t('addLevel')}
        </Button>
      )}
    </>
  );
}
