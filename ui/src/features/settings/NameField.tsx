import { Button, TextInput } from '@mantine/core';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command } from '../../backend';
import { useErrorWords } from '../../shared/errors';
import { isComposing } from '../../shared/inputMethod';
import { isBlank, LIMITS, lengthOf } from '../../shared/limits';
import { HINT_BELOW, Kbd } from '../../shared/parts';
import { useUnsaved } from '../../shared/unsaved';
import { DoneNotice } from './Section';
import classes from './Settings.module.css';
import { useSave } from './useSave';

interface NameFieldProps {
  label: string;
  hint?: string;
  value: string;
  command: (name: string) => Command;
  testId: string;
}

/** An input for a name: Enter saves the name, Esc resets it. */
export function NameField({ label, hint, value, command, testId }: NameFieldProps) {
  const { t } = useTranslation('settings');
  const errorWords = useErrorWords();
  const { save, error, clear, isSaving } = useSave();
  const [text, setText] = useState(value);
  const [isSaved, setIsSaved] = useState(false);
  useEffect(() => setText(value), [value]);
  const isChanged = text !== value;
  useUnsaved(isChanged);
  const count = lengthOf(text);
  const problem = (() => {
    if (isBlank(text)) return t('needed');
    if (count > LIMITS.name) return t('tooLong', { max: LIMITS.name, value: count });
    if (!error) return null;
    const words = errorWords(error);
    return `${words.title} ${words.advice}`;
  })();
  const run = async () => {
    if (isSaving || !isChanged || isBlank(text) || count > LIMITS.name) return;
    setIsSaved((await save(command(text))) !== null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter') void run();
    else if (event.key === 'Escape' && isChanged) {
      setText(value);
      clear();
    } else return;
    event.preventDefault();
  };
  return (
    <div>
      <div className={classes.nameLine}>
        <TextInput
          className={classes.nameField ?? ''}
          label={label}
          description={hint}
          inputWrapperOrder={HINT_BELOW}
          autoComplete="off"
          spellCheck={false}
          value={text}
          error={problem}
          data-testid={testId}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setIsSaved(false);
            clear();
          }}
          onKeyDown={onKeyDown}
        />
        {isChanged && (
          <Button
            className={classes.nameSave ?? ''}
            size="md"
            loading={isSaving}
            disabled={problem !== null && error === null}
            rightSection={<Kbd on="accent">Enter</Kbd>}
            data-testid={`${testId}-save`}
            onClick={() => void run()}
          >
            {t('save')}
          </Button>
        )}
      </div>
      {isSaved && !isChanged && <DoneNotice>{t('saved')}</DoneNotice>}
    </div>
  );
}
