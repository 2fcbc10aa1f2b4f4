import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CustomerName, Inside, Outcome } from '../../../backend';
import { useAction } from '../../../shared/data/useAction';
import { formatNumber } from '../../../shared/format';
import { ErrorNotice } from '../../../shared/parts';
import { useAreaName, useSession } from '../../../shared/session';
import { useNow } from '../../../shared/time';
import { useWords } from '../../../shared/words';
import { DialogFoot } from './DialogFoot';
import classes from './dialogs.module.css';

interface Props {
  customer: CustomerName;
  inside: Inside;
  onClose: () => void;
  onDone: (outcome: Outcome) => void;
}

/** Asks how a visit ends that was probably forgotten: a check-out would earn points for a night. */
export function ForgottenOutDialog({ customer, inside, onClose, onDone }: Props) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { rules } = useSession();
  const { nameOf, duration } = useWords();
  const areaName = useAreaName();
  const now = useNow();
  const { run, isPending, error } = useAction();
  const { visitId } = inside;
  const end = (type: 'closeVisit' | 'checkOut') =>
    void run(type === 'checkOut' ? { type, visitId } : { type, visitId, reason: 'forgotten' }).then(
      (outcome) => outcome && onDone(outcome),
    );
  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={t('forgottenOut.title', { name: nameOf(customer) })}
      data-testid="forgotten-out-dialog"
    >
      <form
        className={classes.form}
        data-busy={isPending || undefined}
        onSubmit={(event) => {
          event.preventDefault();
          end('closeVisit');
        }}
      >
        <p className={classes.lead}>
          {t('forgottenOut.text', {
            area: areaName(inside.areaId) ?? common('unknownArea'),
            duration: duration(inside.since, now),
          })}
        </p>
        {error && <ErrorNotice error={error} />}
        <Button
          variant="default"
          size="md"
          disabled={isPending}
          data-testid="forgotten-out-earn"
          onClick={() => end('checkOut')}
        >
          {t('forgottenOut.earn', { points: formatNumber(rules.pointsPerVisit) })}
        </Button>
        <DialogFoot onCancel={onClose} testid="forgotten-out-close" loading={isPending} autoFocus>
          {t('inside.closeVisit')}
        </DialogFoot>
      </form>
    </Modal>
  );
}
