import { Modal, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AdjustReason } from '../../backend';
import { useAction } from '../../shared/data/useAction';
import { formatNumber, formatSigned, parseWhole } from '../../shared/format';
import { DialogFoot, ErrorNotice } from '../../shared/parts';
import classes from './Mypage.module.css';

const REASONS: readonly AdjustReason[] = ['correction', 'goodwill', 'migration', 'other'];
const NOTE_MAX = 500;

/** Reads a signed whole number other than 0; null if the text is none. */
export function parseDelta(text: string): number | null {
  const sign = /^\s*[-−]/.test(text) ? -1 : 1;
  const size = parseWhole(text.replace(/^\s*[-−+]/, ''));
  return size === null || size === 0 ? null : sign * size;
}

interface Props {
  customerId: string;
  /** The points that would take the entry back. */
  proposed: number;
  onClose: () => void;
  onDone: (message: string) => void;
}

/** Corrects a customer's balance, up or down. */
export function AdjustDialog({ customerId, proposed, onClose, onDone }: Props) {
  const { t } = useTranslation('mypage');
  const { t: common } = useTranslation('common');
  const { run, isPending, error } = useAction();
  const [text, setText] = useState(String(proposed));
  const [reason, setReason] = useState<AdjustReason>('correction');
  const [note, setNote] = useState('');
  const points = parseDelta(text);
  const submit = async () => {
    if (points === null) return;
    const outcome = await run({
      type: 'adjustPoints',
      customerId,
      points,
      reason,
      ...(note !== '' && { note }),
    });
    if (outcome?.type !== 'pointsAdjusted') return;
    const balance = formatNumber(outcome.balance);
    onDone(t('adjust.done', { points: formatSigned(outcome.points), balance }));
  };
  return (
    <Modal opened onClose={onClose} size={440} title={t('adjust.title')} data-testid="adjust-dialog">
      <form
        className={classes.form}
        data-busy={isPending || undefined}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p>{t('adjust.text')}</p>
        <TextInput
          label={t('adjust.points')}
          value={text}
          error={points === null && t('adjust.whole')}
          data-autofocus
          autoComplete="off"
          data-testid="adjust-points"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Radio.Group
          label={t('adjust.reason')}
          value={reason}
          onChange={(value) => setReason(value as AdjustReason)}
        >
          <div className={classes.reasons}>
            {REASONS.map((value) => (
              <Radio
                key={value}
                value={value}
                label={common(`adjustReason.${value}` as 'adjustReason.other')}
              />
            ))}
          </div>
        </Radio.Group>
        <TextInput
          label={t('adjust.note')}
          value={note}
          maxLength={NOTE_MAX}
          autoComplete="off"
          data-testid="adjust-note"
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {error && <ErrorNotice error={error} />}
        <DialogFoot onCancel={onClose} testid="adjust-submit" loading={isPending} disabled={points === null}>
          {t('adjust.submit')}
        </DialogFoot>
      </form>
    </Modal>
  );
}
