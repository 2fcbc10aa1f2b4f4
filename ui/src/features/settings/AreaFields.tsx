import { Button, TextInput } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../../shared/inputMethod';
import { LIMITS, lengthOf } from '../../shared/limits';
import { ErrorNotice, Kbd } from '../../shared/parts';
import { useUnsaved } from '../../shared/unsaved';
import { type AreaTexts, areaProblem, saveAreaCommand } from './areaForm';
import classes from './Settings.module.css';
import { useSave } from './useSave';

interface AreaFieldsProps {
  /** The area to edit; absent for a new one. */
  areaId?: string;
  initial: AreaTexts;
  onSaved: (name: string) => void;
  onCancel?: () => void;
}

/** Inputs for an area's name and capacity; Enter in either saves. */
export function AreaFields({ areaId, initial, onSaved, onCancel }: AreaFieldsProps) {
  const { t } = useTranslation('settings');
  const { save, error, clear, isSaving } = useSave();
  const nameInput = useRef<HTMLInputElement>(null);
  const [texts, setTexts] = useState(initial);
  const [isSubmitted, setIsSubmitted] = useState(false);
  useUnsaved(texts.name !== initial.name || texts.capacity !== initial.capacity);
  const problem = isSubmitted ? areaProblem(texts) : null;
  const problemText = problem && t(problem, { max: LIMITS.name, value: lengthOf(texts.name) });
  const testId = areaId ? 'settings-area-edit' : 'settings-area-new';

  const run = async () => {
    if (isSaving) return;
    setIsSubmitted(true);
    if (areaProblem(texts)) return;
    if (!(await save(saveAreaCommand(texts, areaId)))) return;
    setIsSubmitted(false);
    if (!areaId) setTexts({ name: '', capacity: '' });
    nameInput.current?.focus();
    onSaved(texts.name);
  };
  const edit = (change: Partial<AreaTexts>) => {
    setTexts((now) => ({ ...now, ...change }));
    setIsSubmitted(false);
    clear();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter') void run();
    else if (event.key === 'Escape' && onCancel) onCancel();
    else return;
    event.preventDefault();
  };
  return (
    <div className={classes.areaForm}>
      <div className={classes.areaFields}>
        <TextInput
          ref={nameInput}
          autoFocus={areaId !== undefined}
          aria-label={t('areas.name')}
          placeholder={areaId ? '' : t('areas.newName')}
          autoComplete="off"
          spellCheck={false}
          value={texts.name}
          error={problem !== null && problem !== 'areas.capacityWhole'}
          data-testid={`${testId}-name`}
          onChange={(event) => edit({ name: event.currentTarget.value })}
          onKeyDown={onKeyDown}
        />
        <TextInput
          className={classes.capacity ?? ''}
          aria-label={t('areas.newCapacity')}
          title={t('areas.newCapacity')}
          placeholder={t('areas.unlimited')}
          inputMode="numeric"
          autoComplete="off"
          value={texts.capacity}
          error={problem === 'areas.capacityWhole'}
          data-testid={`${testId}-capacity`}
          onChange={(event) => edit({ capacity: event.currentTarget.value })}
          onKeyDown={onKeyDown}
        />
        <Button
          size="md"
          variant={areaId ? 'filled' : 'default'}
          loading={isSaving}
          rightSection={areaId ? <Kbd on="accent">Enter</Kbd> : <Kbd>Enter</Kbd>}
          data-testid={`${testId}-save`}
          onClick={() => void run()}
        >
          {t(areaId ? 'save' : 'areas.add')}
        </Button>
        {onCancel && (
          <Button size="md" variant="default" rightSection={<Kbd>Esc</Kbd>} onClick={onCancel}>
            {t('cancel')}
          </Button>
        )}
      </div>
      {problemText && (
        <p className={classes.problem} role="alert">
          {problemText}
        </p>
      )}
      {error && <ErrorNotice error={error} />}
    </div>
  );
}
