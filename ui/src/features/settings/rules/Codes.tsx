import { Button, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CodeForm } from '../../../backend';
import { codeName } from '../../../shared/openWords';
import { Tag } from '../../../shared/parts';
import { NumberField, useDraft, useProblemText } from './fields';
import classes from './rules.module.css';

const NEW: CodeForm = { code: '', points: '10', ko: '', en: '', retired: false };
/** The code of penalties for which none was chosen. */
const STANDARD = 'BASIC';

/** The penalty codes: their points, their names, and which are retired. Those already published stay. */
export function Codes() {
  const { t } = useTranslation('rules');
  const { t: common } = useTranslation('common');
  const { form, editor, change, problemOf } = useDraft();
  const text = useProblemText();
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
          const name = isPublished ? codeName(common, one.code) : one.code;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a new code has no other identity while it is typed
            <li key={index} className={classes.entry} data-testid="rules-code" data-code={one.code}>
              <div className={classes.entryFields}>
                {isPublished ? (
                  <div className={classes.word}>
                    <b className="one-line" title={name}>
                      {name}
                    </b>
                    <small>{one.code}</small>
                    {one.retired && <Tag>{t('retiredTag')}</Tag>}
                  </div>
                ) : (
                  <TextInput
                    className={classes.wordField ?? ''}
                    label={t('field.code')}
                    autoComplete="off"
                    spellCheck={false}
                    value={one.code}
                    error={text(problemOf(`${path}.code`))}
                    data-testid={`rules-${path}.code`}
                    onChange={(event) => set(index, { code: event.currentTarget.value })}
                  />
                )}
                <NumberField
                  path={`${path}.points`}
                  label={t('field.points')}
                  unit="penalty"
                  value={one.points}
                  onChange={(points) => set(index, { points })}
                />
                {(['ko', 'en'] as const).map((language) => (
                  <TextInput
                    key={language}
                    className={classes.nameField ?? ''}
                    label={t(`field.${language}`)}
                    autoComplete="off"
                    value={one[language]}
                    error={text(problemOf(`${path}.${language}`))}
                    data-testid={`rules-${path}.${language}`}
                    onChange={(event) => set(index, { [language]: event.currentTarget.value })}
                  />
                ))}
                {one.code !== STANDARD && (
                  <Button
                    className={classes.entryButton ?? ''}
                    size="xs"
                    variant="default"
                    data-testid={`rules-${path}.retire`}
                    onClick={() =>
                      isPublished
                        ? set(index, { retired: !one.retired })
                        : change({ codes: codes.filter((_, at) => at !== index) })
                    }
                  >
                    {t(isPublished ? (one.retired ? 'reuse' : 'retire') : 'removeCode')}
                  </Button>
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

/** The problem of a whole list. */
export function Problem({ path }: { path: string }) {
  const { problemOf } = useDraft();
  const problem = useProblemText()(problemOf(path));
  return (
    problem && (
      <p className={classes.problem} role="alert" data-testid={`rules-${path}-problem`}>
        {problem}
      </p>
    )
  );
}
