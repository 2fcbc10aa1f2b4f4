import { Modal, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError, CustomerName } from '../../../backend';
import { DialogFoot, ErrorNotice } from '../../../shared/parts';
import { useWords } from '../../../shared/words';
import classes from './dialogs.module.css';

interface Props {
  /** Prefix of the test ids: `pay` gives `pay-dialog` and `pay-submit`. */
  name: string;
  title: string;
  size: number;
  customer: CustomerName;
  error: AppError | null;
  isPending: boolean;
  canSubmit: boolean;
  submitLabel: string;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A form that records something for the selected customer; Enter submits it. */
export function RecordDialog({
  name,
  title,
  size,
  customer,
  error,
  isPending,
  canSubmit,
  submitLabel,
  onSubmit,
  onClose,
  children,
}: Props) {
  const { t: common } = useTranslation('common');
  const { nameOf } = useWords();
  return (
    <Modal opened onClose={onClose} size={size} title={title} data-testid={`${name}-dialog`}>
      <form
        className={classes.form}
        noValidate
        data-busy={isPending || undefined}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
        onKeyDown={(event) => {
          // A radio card is a button, so Enter would only select the card. Submit the form instead.
          if (event.key === 'Enter' && (event.target as HTMLElement).role === 'radio') {
            event.preventDefault();
            if (!event.repeat) onSubmit();
          }
        }}
      >
        <p className={classes.lead}>{common('namePlain', { name: nameOf(customer) })}</p>
        {children}
        {error && <ErrorNotice error={error} />}
        <DialogFoot onCancel={onClose} testid={`${name}-submit`} disabled={!canSubmit} loading={isPending}>
          {submitLabel}
        </DialogFoot>
      </form>
    </Modal>
  );
}

interface NoteFieldProps {
  testid: string;
  label: string;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
}

/** An input for an optional note. */
export function NoteField({ testid, label, placeholder, value, onChange }: NoteFieldProps) {
  const { t: common } = useTranslation('common');
  return (
    <TextInput
      data-testid={testid}
      label={
        <>
          {label} <span className={classes.optional}>{common('optional')}</span>
        </>
      }
      placeholder={placeholder ?? ''}
      maxLength={500}
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
