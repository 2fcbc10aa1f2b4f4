import { Button, Modal } from '@mantine/core';
import { Printer } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useBackend } from '../../backend';
import { useSession } from '../session';
import classes from './customer.module.css';

/** The facility's notice about personal data, to read out or to print. */
export function NoticeDialog({ notice, onClose }: { notice: string; onClose: () => void }) {
  const { t } = useTranslation('customers');
  const backend = useBackend();
  const { facility } = useSession();
  useEffect(() => {
    document.body.dataset.printing = 'dialog';
    return () => {
      delete document.body.dataset.printing;
    };
  }, []);
  const print = () => {
    window.print();
    void backend.notePrinted({ count: 0 }).catch(() => {});
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={t('notice.title', { facility: facility.name })}
      data-testid="notice-dialog"
    >
      <p className={classes.notice} data-selectable>
        {notice}
      </p>
      <div className={classes.noticeFoot}>
        <Button
          data-autofocus
          leftSection={<Printer size={16} strokeWidth={1.75} />}
          data-testid="notice-print"
          onClick={print}
        >
          {t('notice.print')}
        </Button>
      </div>
    </Modal>
  );
}
