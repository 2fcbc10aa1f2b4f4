import { Button, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CodeForm, GroundForm } from '../../../backend';
import { Tag } from '../../../shared/parts';
import { useDraft, useProblemText } from './fields';
import classes from './rules.module.css';

/** What the entries of codes and of grounds have in common. */
type Entry = Pick<CodeForm & GroundForm, 'ko' | 'en' | 'retired'>;

interface WordProps {
  /** The word's path in the form. */
  path: string;
  label: string;
  word: string;
  /** The name of a published word, which can't be changed any more; null for a new one. */
  published: string | null;
  isRetired: boolean;
  onChange: (word: string) => void;
}

/** The word of a code or a ground: a field while it is new, a name afterwards. */
export function Word({ path, label, word, published, isRetired, onChange }: WordProps) {
  const { t } = useTranslation('rules');
  const { problemOf } = useDraft();
  const text = useProblemText();
  if (published === null)
    return (
      <TextInput
        className={classes.wordField ?? ''}
        label={label}
        autoComplete="off"
        spellCheck={false}
        value={word}
        error={text(problemOf(path))}
        data-testid={`rules-${path}`}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <div className={classes.word}>
      <b className="one-line" title={published}>
        {published}
      </b>
      <small>{word}</small>
      {isRetired && <Tag>{t('retiredTag')}</Tag>}
    </div>
  );
}

interface NamesProps {
  /** The entry's path in the form. */
  path: string;
  entry: Entry;
  onChange: (part: Partial<Entry>) => void;
}

/** The names of a code or a ground in both languages. */
export function Names({ path, entry, onChange }: NamesProps) {
  const { t } = useTranslation('rules');
  const { problemOf } = useDraft();
  const text = useProblemText();
  return (['ko', 'en'] as const).map((language) => (
    <TextInput
      key={language}
      className={classes.nameField ?? ''}
      label={t(`field.${language}`)}
      autoComplete="off"
      value={entry[language]}
      error={text(problemOf(`${path}.${language}`))}
      data-testid={`rules-${path}.${language}`}
      onChange={(event) => onChange({ [language]: event.currentTarget.value })}
    />
  ));
}

interface RetireProps {
  path: string;
  isPublished: boolean;
  isRetired: boolean;
  /** Retires a published entry, or takes it into use again. */
  onRetire: () => void;
  /** Removes an entry that was never published. */
  onRemove: () => void;
}

export function RetireButton({ path, isPublished, isRetired, onRetire, onRemove }: RetireProps) {
  const { t } = useTranslation('rules');
  return (
    <Button
      className={classes.entryButton ?? ''}
      size="xs"
      variant="default"
      data-testid={`rules-${path}.retire`}
      onClick={isPublished ? onRetire : onRemove}
    >
      {t(isPublished ? (isRetired ? 'reuse' : 'retire') : 'removeCode')}
    </Button>
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
