import { Button, Modal, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FileText, Printer } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Roll, type SlipInput, useBackend } from '../../backend';
import { Delayed, ErrorNotice } from '../parts';
import { useCloseForScans } from '../scan';
import { useAttempt } from '../useAttempt';
import classes from './Slip.module.css';
import { SlipSheet } from './SlipSheet';
import { useHasPrinter, usePrint } from './usePrinter';

const MM_PER_PX = 25.4 / 96;
const WIDTH_MM: Record<Roll, number> = { mm58: 58, mm80: 80 };
/** Above and below the slip. */
const MARGINS_MM = 12;

interface Props {
  slip: SlipInput;
  onClose: () => void;
}

/** Shows a slip, to print it on the receipt printer, or by the system's dialog on another printer or as a PDF. */
export function SlipDialog({ slip, onClose }: Props) {
  const { t } = useTranslation('printing');
  const backend = useBackend();
  const hasPrinter = useHasPrinter();
  const print = usePrint();
  const sheet = useRef<HTMLDivElement>(null);
  const { error: refused, attempt } = useAttempt();
  const { data, error, refetch } = useQuery({
    queryKey: ['slip', slip],
    queryFn: () => backend.slipView(slip),
    gcTime: 0,
  });
  useCloseForScans(onClose);
  useEffect(() => {
    document.body.dataset.printing = 'dialog';
    return () => {
      delete document.body.dataset.printing;
    };
  }, []);
  const printPage = (roll: Roll) =>
    void attempt(async () => {
      const height = sheet.current?.getBoundingClientRect().height ?? 0;
      const heightMm = Math.ceil(height * MM_PER_PX) + MARGINS_MM;
      const page = { widthMm: WIDTH_MM[roll], heightMm: Math.max(heightMm, WIDTH_MM[roll]) };
      await backend.printPage({ slip, page });
    });
  return (
    <Modal
      opened
      onClose={onClose}
      size={420}
      title={t(`slip.${slip.type}`)}
      // The slip has a title of its own.
      classNames={{ header: classes.head ?? '' }}
      data-testid="slip-dialog"
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Delayed>
          <Skeleton height={240} />
        </Delayed>
      )}
      {data && <SlipSheet ref={sheet} view={data} />}
      <div className={classes.foot}>
        {refused && <ErrorNotice error={refused} />}
        <p>{t('sheet.systemHint')}</p>
        <Button
          variant={hasPrinter ? 'default' : 'filled'}
          data-autofocus={!hasPrinter || undefined}
          leftSection={<FileText size={16} strokeWidth={1.75} />}
          data-testid="slip-system"
          onClick={() => data && printPage(data.roll)}
        >
          {t('sheet.system')}
        </Button>
        {hasPrinter && (
          <Button
            data-autofocus
            leftSection={<Printer size={16} strokeWidth={1.75} />}
            data-testid="slip-print"
            onClick={() => void print(slip)}
          >
            {t('receipts.print')}
          </Button>
        )}
      </div>
    </Modal>
  );
}
