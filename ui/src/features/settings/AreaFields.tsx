import { Button, TextInput } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../../shared/composition';
import { LIMITS, lengthOf } from '../../shared/limits';
import { ErrorNotice, Kbd } from '../../shared/parts';
import { type AreaTexts, areaProblem, saveAreaCommand } from './area';
import classes from './Settings.module.css';
import { useSave } from './useSave';

interface AreaFieldsProps {
  /** The area that is edited; a new one without. */
  areaId?: string;
  initial: AreaTexts;
  onSaved: (name: string) => void;
  onCancel?: () => void;
}

/** Name and capacity on one line; Enter in either saves. */
export function AreaFields({ areaId, initial, onSaved, onCancel }: AreaFieldsProps) {
  const { t } = useTranslation('settings');
  const { save, error, clear, isSaving } = useSave();
  const nameInput = useRef<HTMLInputElement>(null);
  const [texts, setTexts] = useState(initial);
  const [isTried, setIsTried] = useState(false);
  const problem = isTried ? areaProblem(texts) : null;
  const said = problem && t(problem, { max: LIMITS.name, value: lengthOf(texts.name) });
  const test = areaId ? 'settings-area-edit' : 'settings-area-new';

  const run = async () => {
    if (isSaving) return;
    setIsTried(true);
    if (areaProblem(texts)) return;
    if (!(await save(saveAreaCommand(texts, areaId)))) return;
    setIsTried(false);
    if (!areaId) setTexts({ name: '', capacity: '' });
    nameInput.current?.focus();
    onSaved(texts.name);
  };
  const type = (change: Partial<AreaTexts>) => {
    setTexts((now) => ({ ...now, ...change }));
    setIsTried(false);
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
          data-testid={`${test}-name`}
          onChange={(event) => type({ name: event.currentTarget.value })}
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
          data-testid={`${test}-capacity`}
          onChange={(event) => type({ capacity: event.currentTarget.value })}
          onKeyDown={onKeyDown}
        />
        <Button
          size="md"
          variant={areaId ? 'filled' : 'default'}
          loading={isSaving}
          rightSection={areaId ? <Kbd on="accent">Enter</Kbd> : <Kbd>Enter</Kbd>}
          data-testid={`${test}-save`}
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
      {said && (
        <p className={classes.problem} role="alert">
          {said}
        </p>
      )}
      {error && <ErrorNotice error={error} />}
    </div>
  );
}
