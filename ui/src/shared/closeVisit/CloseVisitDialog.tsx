import { Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../data/useAction';
import { DialogFoot, ErrorNotice } from '../parts';
import { formatClock, formatIsoDate } from '../time';
import { momentOf } from '../time/momentOf';
import classes from './CloseVisit.module.css';

interface Props {
  visitId: string;
  since: number;
  onClose: () => void;
  onDone: () => void;
}

/** Ends a visit that nobody ended, with the time at which it ended. */
export function CloseVisitDialog({ visitId, since, onClose, onDone }: Props) {
  const { t } = useTranslation('common');
  const { run, isPending, error } = useAction();
  const [text, setText] = useState(`${formatIsoDate(since)} ${formatClock(since)}`);
  const endedAt = momentOf(text);
  return (
    <Modal opened onClose={onClose} size={440} title={t('closeVisit.title')} data-testid="close-visit-dialog">
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
        <p>{t('closeVisit.text')}</p>
        <TextInput
          label={t('closeVisit.endedAt')}
          value={text}
          error={endedAt === null && t('closeVisit.noMoment')}
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
          {t('closeVisit.title')}
        </DialogFoot>
      </form>
    </Modal>
  );
}
