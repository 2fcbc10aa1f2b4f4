import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Command, CustomerName, Inside, Outcome } from '../../../backend';
import { useAction } from '../../../shared/data/useAction';
import { formatNumber } from '../../../shared/format';
import { DialogFoot, ErrorNotice } from '../../../shared/parts';
import { useAreaName, useSession } from '../../../shared/session';
import { useNow } from '../../../shared/time';
import { useWords } from '../../../shared/words';
import classes from './dialogs.module.css';

interface Props {
  customer: CustomerName;
  inside: Inside;
  onClose: () => void;
  onDone: (outcome: Outcome, command: Command) => void;
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
  const end = async (command: Command) => {
    const outcome = await run(command);
    if (outcome) onDone(outcome, command);
  };
  const close = () => void end({ type: 'closeVisit', visitId, reason: 'forgotten' });
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
          close();
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
          onClick={() => void end({ type: 'checkOut', visitId, confirmForgotten: true })}
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
