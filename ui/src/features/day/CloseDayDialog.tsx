import { Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOccupancy } from '../../shared/data/queries';
import { useAction } from '../../shared/data/useAction';
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

/** Closes a day. Asks first what becomes of those who are still inside. */
export function CloseDayDialog({ day, isToday, onClose }: Props) {
  const { t } = useTranslation('day');
  const occupancy = useOccupancy();
  const { run, error: refused } = useAction();
  const { mutateAsync } = useCloseDay(day);
  const { isBusy, error, attempt } = useAttempt();
  const [ends, setEnds] = useState(false);
  const visits = occupancy.data?.areas.flatMap(({ inside }) => inside) ?? [];
  const asks = isToday && visits.length > 0;
  const submit = () =>
    attempt(async () => {
      if (asks && ends) {
        for (const { visitId } of visits) {
          // Whoever has left meanwhile is refused; the others are to go on.
          if (!(await run({ type: 'closeVisit', visitId, reason: 'day_close' }))) return;
        }
      }
      await mutateAsync();
      onClose();
    });
  const problem = error ?? refused;
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
        {problem && <ErrorNotice error={problem} />}
        <DialogFoot onCancel={onClose} testid="close-day-submit" loading={isBusy} autoFocus>
          {t('close')}
        </DialogFoot>
      </form>
    </Modal>
  );
}
