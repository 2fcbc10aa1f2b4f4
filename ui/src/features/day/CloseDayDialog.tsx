import { Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asAppError, type ErrorCode } from '../../backend';
import { newRecording, useOccupancy, useRecord } from '../../shared/data/queries';
import { formatNumber } from '../../shared/format';
import { DialogFoot, ErrorNotice } from '../../shared/parts';
import { useAttempt } from '../../shared/useAttempt';
import classes from './Day.module.css';
import { useCloseDay } from './useDay';

interface Props {
  day: string;
  isToday: boolean;
  onClose: () => void;
}

/** The refusals of a visit that has ended meanwhile. */
const ENDED = new Set<ErrorCode>(['already_checked_out', 'not_inside', 'already_voided']);

/** Closes a day. Asks first what becomes of those who are still inside. */
export function CloseDayDialog({ day, isToday, onClose }: Props) {
  const { t } = useTranslation('day');
  const occupancy = useOccupancy();
  const { mutateAsync: mutateVisit } = useRecord();
  const { mutateAsync } = useCloseDay(day);
  const { isBusy, error, attempt } = useAttempt();
  const [ends, setEnds] = useState(false);
  const visits = occupancy.data?.areas.flatMap(({ inside }) => inside) ?? [];
  const asks = isToday && visits.length > 0;
  const submit = () =>
    attempt(async () => {
      if (asks && ends) {
        for (const { visitId } of visits) {
          // Whoever has left meanwhile needs no end any more.
          const command = { type: 'closeVisit', visitId, reason: 'day_close' } as const;
          await mutateVisit(newRecording(command)).catch((thrown: unknown) => {
            if (!ENDED.has(asAppError(thrown).code)) throw thrown;
          });
        }
      }
      await mutateAsync();
      onClose();
    });
  return (
    <Modal opened onClose={onClose} size={480} title={t('close')} data-testid="close-day-dialog">
      <form
        className={classes.form}
        data-busy={isBusy || undefined}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p>{t('closeText')}</p>
        {asks && (
          <Radio.Group
            label={t('stillInside', { value: formatNumber(visits.length) })}
            value={ends ? 'end' : 'leave'}
            onChange={(value) => setEnds(value === 'end')}
          >
            <div className={classes.choices}>
              <Radio value="leave" label={t('leaveThem')} data-testid="close-day-leave" />
              <Radio value="end" label={t('endThem')} data-testid="close-day-end" />
            </div>
          </Radio.Group>
        )}
        {error && <ErrorNotice error={error} />}
        <DialogFoot
          onCancel={onClose}
          testid="close-day-submit"
          loading={isBusy}
          disabled={isToday && occupancy.isPending}
          autoFocus
        >
          {t('close')}
        </DialogFoot>
      </form>
    </Modal>
  );
}
