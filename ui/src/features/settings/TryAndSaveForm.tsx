import { Button } from '@mantine/core';
import type { KeyboardEvent, ReactNode } from 'react';
import { TryButton } from '../../shared/connection/TrialResult';
import { isComposing } from '../../shared/inputMethod';
import { ErrorNotice, Kbd } from '../../shared/parts';
import type { useAttempt } from '../../shared/useAttempt';
import { DoneNotice } from './Section';
import classes from './Settings.module.css';

interface Props {
  /** Prefix of the buttons' test ids: `mypage` gives `mypage-try` and `mypage-save`. */
  testId: string;
  fields: ReactNode;
  /** The trial button; null for settings that need no trial. */
  trial: { isTrying: boolean; isDisabled: boolean } | null;
  /** True if the buttons are shown; false if there is nothing to try or save. */
  hasActions: boolean;
  canSave: boolean;
  saveLabel: string;
  saving: ReturnType<typeof useAttempt>;
  /** A text that says that the last save succeeded. */
  message: string | null;
  onTry: () => Promise<void>;
  onSave: () => void;
  /** Called when any field is edited. */
  onEdit: () => void;
  /** Shown between the buttons and the result of saving. */
  children: ReactNode;
}

/** Settings that can be tried before they are saved: Enter tries, Ctrl Enter saves. */
export function TryAndSaveForm(props: Props) {
  const { testId, fields, trial, hasActions, canSave, saveLabel, saving, message, children } = props;
  const { onTry, onSave, onEdit } = props;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || isComposing(event) || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) onSave();
    else void onTry();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the handler only handles Enter in its fields.
    <div className={classes.connection} onKeyDown={onKeyDown} onInput={onEdit}>
      {fields}
      {hasActions && (
        <div className={classes.actions}>
          {trial && <TryButton {...trial} testId={`${testId}-try`} onTry={onTry} />}
          <Button
            size="md"
            loading={saving.isBusy}
            disabled={!canSave}
            rightSection={<Kbd {...(canSave ? { on: 'accent' as const } : {})}>Ctrl Enter</Kbd>}
            data-testid={`${testId}-save`}
            onClick={onSave}
          >
            {saveLabel}
          </Button>
        </div>
      )}
      {children}
      {saving.error && <ErrorNotice error={saving.error} />}
      <DoneNotice>{message}</DoneNotice>
    </div>
  );
}
