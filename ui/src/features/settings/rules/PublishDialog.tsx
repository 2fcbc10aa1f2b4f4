import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RulesEditor } from '../../../backend';
import { useAction } from '../../../shared/data/useAction';
import { Confirm, ErrorNotice, HINT_BELOW } from '../../../shared/parts';
import { Changes } from './Changes';

const REASON_MAX = 200;

interface Props {
  editor: RulesEditor;
  onClose: () => void;
  onPublished: (generation: number) => void;
}

/** Asks before rules are published: what changes, why, and whether present standings change too. */
export function PublishDialog({ editor, onClose, onPublished }: Props) {
  const { t } = useTranslation('rules');
  const { run, isPending, error } = useAction();
  const [reason, setReason] = useState('');
  const [toPresent, setToPresent] = useState(false);
  const [isAsked, setIsAsked] = useState(false);
  const isNamed = reason.trim() !== '';
  const publish = async () => {
    setIsAsked(true);
    if (!isNamed) return;
    const { inForce, form } = editor;
    const outcome = await run({
      type: 'publishRules',
      base: inForce.id,
      form,
      reason: reason.trim(),
      toPresent,
    });
    if (outcome?.type === 'rulesPublished') onPublished(outcome.generation);
  };
  return (
    <Confirm
      title={t('publish.title')}
      keep={t('publish.keep')}
      confirm={t('publish.confirm')}
      isBusy={isPending}
      testId="rules-publish-confirm"
      onConfirm={() => void publish()}
      onClose={onClose}
    >
      <h3>{t('publish.changes')}</h3>
      {editor.changes.length === 0 ? <p>{t('publish.none')}</p> : <Changes changes={editor.changes} />}
      <TextInput
        label={t('publish.reason')}
        description={t('publish.reasonHint')}
        inputWrapperOrder={HINT_BELOW}
        autoComplete="off"
        maxLength={REASON_MAX}
        value={reason}
        error={isAsked && !isNamed ? t('publish.reasonNeeded') : null}
        data-testid="rules-publish-reason"
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Checkbox
        label={t('publish.toPresent')}
        description={t('publish.toPresentHint')}
        checked={toPresent}
        data-testid="rules-publish-present"
        onChange={(event) => setToPresent(event.currentTarget.checked)}
      />
      {error && <ErrorNotice error={error} />}
    </Confirm>
  );
}
