import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CodeForm } from '../../../backend';
import { codeName } from '../../../shared/openWords';
import { Names, Problem, RetireButton, Word } from './entries';
import { NumberField, useDraft } from './fields';
import classes from './rules.module.css';

const NEW: CodeForm = { code: '', points: '10', ko: '', en: '', retired: false };
/** The code of penalties for which none was chosen. */
const STANDARD = 'BASIC';

/** The penalty codes: their points, their names, and which are retired. Those already published stay. */
export function Codes() {
  const { t } = useTranslation('rules');
  const { t: common } = useTranslation('common');
  const { form, editor, change } = useDraft();
  const { codes } = form;
  const published = new Set(editor.knownCodes);
  const set = (index: number, part: Partial<CodeForm>) =>
    change({ codes: codes.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  return (
    <>
      <ul className={classes.entries}>
        {codes.map((one, index) => {
          const path = `codes.${index}`;
          const isPublished = published.has(one.code);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a new code has no other identity while it is typed
            <li key={index} className={classes.entry} data-testid="rules-code" data-code={one.code}>
              <div className={classes.entryFields}>
                <Word
                  path={`${path}.code`}
                  label={t('field.code')}
                  word={one.code}
                  published={isPublished ? codeName(common, one.code) : null}
                  isRetired={one.retired}
                  onChange={(code) => set(index, { code })}
                />
                <NumberField
                  path={`${path}.points`}
                  label={t('field.points')}
                  unit="penalty"
                  value={one.points}
                  onChange={(points) => set(index, { points })}
                />
                <Names path={path} entry={one} onChange={(part) => set(index, part)} />
                {one.code !== STANDARD && (
                  <RetireButton
                    path={path}
                    isPublished={isPublished}
                    isRetired={one.retired}
                    onRetire={() => set(index, { retired: !one.retired })}
                    onRemove={() => change({ codes: codes.filter((_, at) => at !== index) })}
                  />
                )}
              </div>
            </li>
          );
        })}
      </ul>
      <Problem path="codes" />
      <Button
        size="md"
        variant="default"
        className={classes.add ?? ''}
        data-testid="rules-add-code"
        onClick={() => change({ codes: [...codes, NEW] })}
      >
        {t('addCode')}
      </Button>
    </>
  );
}
