import { Button } from '@mantine/core';
import { Printer } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecentEntry, SlipInput } from '../../backend';
import { codeName } from '../../shared/openWords';
import { CustomerNameText, FactKindIcon, PenaltyPoints, Points } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { SlipDialog } from '../../shared/printing/SlipDialog';
import { slipOf } from '../../shared/printing/slipOf';
import { usePrint } from '../../shared/printing/usePrinter';
import { formatMoment } from '../../shared/time';
import { useWords } from '../../shared/words';
import classes from './Receipts.module.css';

interface Props {
  entries: RecentEntry[];
  canPrint: boolean;
}

/** Payments and penalties, each with a button that prints its slip. */
export function EntryTable({ entries, canPrint }: Props) {
  const { t } = useTranslation('printing');
  const [shown, setShown] = useState<SlipInput | null>(null);
  return (
    <>
      {shown && <SlipDialog slip={shown} onClose={() => setShown(null)} />}
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('receipts.time')}</th>
            <th scope="col">{t('receipts.who')}</th>
            <th scope="col">{t('receipts.what')}</th>
            <th scope="col" className={classes.amount}>
              {t('receipts.amount')}
            </th>
            <th scope="col">{t('receipts.by')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <EntryRow key={entry.eventId} entry={entry} canPrint={canPrint} onShow={setShown} />
          ))}
        </tbody>
      </table>
    </>
  );
}

interface RowProps {
  entry: RecentEntry;
  canPrint: boolean;
  onShow: (slip: SlipInput) => void;
}

function EntryRow({ entry, canPrint, onShow }: RowProps) {
  const { t } = useTranslation('printing');
  const { t: common } = useTranslation('common');
  const language = useLanguage();
  const { nameOf } = useWords();
  const print = usePrint();
  const { at, customer, kind, code, points, penaltyPoints, by } = entry;
  const slip = slipOf(entry);
  const time = formatMoment(at, language);
  return (
    <tr data-testid="receipts-entry" data-kind={kind}>
      <td className={classes.time}>{time}</td>
      <td>
        <CustomerNameText customer={customer} />
      </td>
      <td>
        <span className={classes.what}>
          <FactKindIcon kind={kind} />
          {[common(`factKind.${kind}`), code && codeName(common, code)].filter(Boolean).join(' · ')}
        </span>
      </td>
      <td className={classes.amount}>
        {points !== null && <Points value={points} signed />}
        {penaltyPoints !== null && <PenaltyPoints value={penaltyPoints} signed />}
      </td>
      <td data-named>{by}</td>
      <td className={classes.print}>
        {slip && (
          <Button
            size="xs"
            variant="subtle"
            aria-label={t('receipts.showOf', { slip: t(`slip.${slip.type}`), name: nameOf(customer), time })}
            data-testid="receipts-show"
            onClick={() => onShow(slip)}
          >
            {t('receipts.show')}
          </Button>
        )}
        {slip && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Printer size={14} strokeWidth={1.75} />}
            disabled={!canPrint}
            aria-label={t('receipts.printOf', { slip: t(`slip.${slip.type}`), name: nameOf(customer), time })}
            data-testid="receipts-print"
            onClick={() => void print(slip)}
          >
            {t('receipts.print')}
          </Button>
        )}
      </td>
    </tr>
  );
}
