import { Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../shared/data/useAction';
import { DialogFoot, ErrorNotice } from '../../shared/parts';
import { formatClock, formatIsoDate } from '../../shared/time';
import classes from './Review.module.css';

interface Props {
  visitId: string;
  since: number;
  onClose: () => void;
  onDone: () => void;
}

/** The moment of `2026-11-20 18:30` in Seoul; null if the text is none. */
export function momentOf(text: string): number | null {
  const parts = /^(\d{4}-\d{2}-\d{2}) (\d{1,2}):(\d{2})$/.exec(text.trim());
  if (!parts) return null;
  const at = Date.parse(`${parts[1]}T${(parts[2] ?? '').padStart(2, '0')}:${parts[3]}:00+09:00`);
  return Number.isNaN(at) ? null : at;
}

/** Ends a visit that nobody ended, with the time at which it ended. */
export function CloseVisitDialog({ visitId, since, onClose, onDone }: Props) {
  const { t } = useTranslation('review');
  const { run, isPending, error } = useAction();
  const [text, setText] = useState(`${formatIsoDate(since)} ${formatClock(since)}`);
  const endedAt = momentOf(text);
  return (
    <Modal opened onClose={onClose} size={440} title={t('closeVisit')} data-testid="close-visit-dialog">
      <form
        className={classes.form}
        data-busy={isPending || undefined}
        onSubmit={(event) => {
          event.preventDefault();
          if (endedAt === null) return;
          // The field has no seconds: a visit that ends in the minute in which it began ends when it began.
          const ended = Math.max(endedAt, endedAt + 60_000 > since ? since : endedAt);
          void run({ type: 'closeVisit', visitId, reason: 'forgotten', endedAt: ended }).then(
            (outcome) => outcome && onDone(),
          );
        }}
      >
        <p>{t('closeVisitText')}</p>
        <TextInput
          label={t('endedAt')}
          value={text}
          error={endedAt === null && t('noMoment')}
          data-autofocus
          autoComplete="off"
          data-testid="close-visit-at"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {error && <ErrorNotice error={error} />}
        <DialogFoot
          onCancel={onClose}
          testid="close-visit-submit"
          loading={isPending}
          disabled={endedAt === null}
        >
          {t('closeVisit')}
        </DialogFoot>
      </form>
    </Modal>
  );
}
