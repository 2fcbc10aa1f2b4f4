import { SegmentedControl } from '@mantine/core';
import { Pencil, Printer } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecentEntry } from '../../../backend';
import { shortAreaName } from '../../../shared/areaName';
import { useRecentEntries } from '../../../shared/data/queries';
import { useNavigation } from '../../../shared/navigation';
import { codeName, groundName } from '../../../shared/openWords';
import {
  CustomerNameText,
  ErrorNotice,
  FactKindIcon,
  PenaltyPoints,
  Points,
  StateTag,
} from '../../../shared/parts';
import { slipOf } from '../../../shared/printing/slipOf';
import { useHasPrinter, usePrint } from '../../../shared/printing/usePrinter';
import { FailedSlips } from '../../../shared/printing/WaitingSlips';
import { useAreaName, useSession } from '../../../shared/session';
import { formatClockOrShortDate, useNow } from '../../../shared/time';
import { type Deed, useEditWords, useUndoHistory } from '../../../shared/undo';
import classes from './customer.module.css';

export const ENTRIES_SHOWN = 30;

type Scope = 'terminal' | 'customer';

/** Lists the most recent entries: those of this terminal, or those of the selected customer at all terminals. */
export function RecentEntries({ customerId }: { customerId: string | null }) {
  const { t } = useTranslation('desk');
  const [chosenScope, setChosenScope] = useState<Scope>('terminal');
  const scope: Scope = customerId === null ? 'terminal' : chosenScope;
  const { data, error, refetch } = useRecentEntries(
    scope === 'customer' && customerId ? customerId : undefined,
    ENTRIES_SHOWN,
  );
  const { edits: all } = useUndoHistory();
  const edits = all.filter(({ customer }) => scope === 'terminal' || customer?.customerId === customerId);
  return (
    <section className={classes.recent} aria-label={t('recent.title')}>
      <div className={classes.recentHead}>
        <h2>{t('recent.title')}</h2>
        <SegmentedControl
          value={scope}
          onChange={(value) => setChosenScope(value as Scope)}
          aria-label={t('recent.title')}
          data={[
            { value: 'terminal', label: t('recent.terminal') },
            { value: 'customer', label: t('recent.customer'), disabled: customerId === null },
          ]}
        />
      </div>
      <FailedSlips />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data && data.length > 0 && (
        <table className={classes.table}>
          <colgroup>
            <col style={{ width: 56 }} />
            <col style={{ width: '17%' }} />
            <col />
            <col style={{ width: 84 }} />
            <col style={{ width: 62 }} />
            <col style={{ width: 88 }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">{t('recent.time')}</th>
              <th scope="col">{t('recent.who')}</th>
              <th scope="col">{t('recent.what')}</th>
              <th scope="col" className={classes.change}>
                {t('recent.change')}
              </th>
              <th scope="col">{t('recent.by')}</th>
              <th scope="col">{t('recent.state')}</th>
            </tr>
          </thead>
          <tbody>
            {withEdits(data, edits).map((row) =>
              'command' in row ? (
                <EditRow key={`edit ${row.at}`} deed={row} />
              ) : (
                <RecentRow key={row.eventId} entry={row} />
              ),
            )}
          </tbody>
        </table>
      )}
      {data?.length === 0 && (
        <p className={classes.actionDetail}>
          {t(scope === 'customer' ? 'recent.emptyCustomer' : 'recent.empty')}
        </p>
      )}
    </section>
  );
}

/** The entries with this window's edits of customers, newest first. */
const withEdits = (entries: RecentEntry[], edits: readonly Deed[]): (RecentEntry | Deed)[] =>
  [...entries, ...edits].sort((one, other) => other.at - one.at);

/** An edit of a customer in this window, with the details from before. */
function EditRow({ deed }: { deed: Deed }) {
  const { t: common } = useTranslation('common');
  const { selectCustomer } = useNavigation();
  const { staff } = useSession();
  const editWords = useEditWords();
  const now = useNow();
  const { at, customer, before, command } = deed;
  if (!customer) return null;
  const changes =
    before && command.type === 'reviseCustomer' ? editWords({ before, after: command.profile }) : [];
  const what = [common('undo.edited'), ...changes].join(' · ');
  return (
    <tr data-testid="recent" data-kind="customerEdited" onClick={() => selectCustomer(customer.customerId)}>
      <td>{formatClockOrShortDate(at, now)}</td>
      <td className={classes.who}>
        <CustomerNameText customer={customer} className={classes.cell ?? ''} />
      </td>
      <td colSpan={2}>
        <span className={classes.what} title={what} data-named>
          <Pencil size={16} strokeWidth={1.75} aria-hidden />
          <span>{what}</span>
        </span>
      </td>
      <td>
        <span className={`one-line ${classes.cell}`} title={staff.name} data-named>
          {staff.name}
        </span>
      </td>
      <td>
        <StateTag state="saved" />
      </td>
    </tr>
  );
}

/** The colour of what changed: taking points back is bad news for the customer, fewer penalty points are good news. */
function toneOf({ kind, penaltyPoints }: RecentEntry): 'bad' | 'ok' | undefined {
  if (kind === 'checkOutTakenBack') return 'bad';
  return (penaltyPoints ?? 0) < 0 ? 'ok' : undefined;
}

/** Prints the receipt of a payment or the notice of a penalty. */
function PrintEntry({ entry }: { entry: RecentEntry }) {
  const { t } = useTranslation('printing');
  const hasPrinter = useHasPrinter();
  const print = usePrint();
  const slip = slipOf(entry);
  if (!slip || !hasPrinter) return null;
  const label = t('desk.print', { slip: t(`slip.${slip.type}`) });
  return (
    <button
      type="button"
      className={classes.print}
      title={label}
      aria-label={label}
      data-testid="recent-print"
      onClick={(event) => {
        // The row itself would choose the customer.
        event.stopPropagation();
        void print(slip);
      }}
    >
      <Printer size={16} strokeWidth={1.75} aria-hidden />
    </button>
  );
}

function RecentRow({ entry }: { entry: RecentEntry }) {
  const { t: common } = useTranslation('common');
  const { selectCustomer } = useNavigation();
  const areaName = useAreaName();
  const now = useNow();
  const { at, customer, kind, areaId, code, ground, points, penaltyPoints, by, state } = entry;
  const what = [
    common(`factKind.${kind}`),
    code && codeName(common, code),
    ground && groundName(common, ground),
    areaId && shortAreaName(areaName(areaId) ?? common('unknownArea')),
    entry.enteredAt !== null && common('late'),
  ]
    .filter(Boolean)
    .join(' · ');
  return (
    <tr
      data-testid="recent"
      data-kind={kind}
      data-state={state}
      onClick={() => selectCustomer(customer.customerId)}
    >
      <td>{formatClockOrShortDate(at, now)}</td>
      <td className={classes.who}>
        <CustomerNameText customer={customer} className={classes.cell ?? ''} />
      </td>
      <td>
        <span className={classes.what}>
          <FactKindIcon kind={kind} />
          <span>{what}</span>
          <PrintEntry entry={entry} />
        </span>
      </td>
      <td className={classes.change} data-tone={toneOf(entry)}>
        {points !== null && points !== 0 && <Points value={points} signed />}
        {penaltyPoints !== null && penaltyPoints !== 0 && <PenaltyPoints value={penaltyPoints} signed />}
      </td>
      <td>
        <span className={`one-line ${classes.cell}`} title={by ?? undefined} data-named>
          {by}
        </span>
      </td>
      <td>
        <StateTag state={state} />
      </td>
    </tr>
  );
}
