import {
  CalendarX,
  Check,
  CircleMinus,
  Clock,
  ClockAlert,
  Coins,
  DoorOpen,
  Hourglass,
  Scale,
  ShieldAlert,
  ShieldMinus,
  ShieldX,
  Undo2,
  Unplug,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Language, MypageEntry } from '../../backend';
import { PenaltyPoints, Points, Tag } from '../../shared/parts';
import { formatClock, formatWeekdayDate } from '../../shared/time';
import classes from './EntryTable.module.css';
import type { EntryWords } from './entryWords';
import { voidableOf } from './voidable';

const KIND_ICONS: Record<MypageEntry['kind'], typeof DoorOpen> = {
  visit: DoorOpen,
  payment: Coins,
  paymentVoid: Undo2,
  adjustment: Scale,
  penalty: ShieldAlert,
  penaltyDeduction: ShieldMinus,
  penaltyVoid: ShieldX,
  penaltyDeductionVoid: Undo2,
  writeOff: Unplug,
  expired: CalendarX,
  lapsed: Hourglass,
};
const WAITING = new Set(['CHECKED_IN', 'CHECKED_OUT', 'IMPOSED']);

const statusIcon = (status: string) => {
  if (status === 'VOIDED') return CircleMinus;
  return WAITING.has(status) ? Clock : Check;
};

interface EntryRowProps {
  entry: MypageEntry;
  words: EntryWords;
  index: number;
  top: number;
  now: number;
  language: Language;
  onVoid: (entry: MypageEntry) => void;
}

/** One entry of the history. */
export function EntryRow({ entry, words, index, top, now, language, onVoid }: EntryRowProps) {
  const { t } = useTranslation('mypage');
  const KindIcon = KIND_ICONS[entry.kind];
  const StatusIcon = statusIcon(entry.status);
  const { points, penaltyPoints } = entry;
  const voidable = voidableOf(entry);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: only the row's button is interactive
    <div
      className={classes.row}
      role="row"
      aria-rowindex={index + 2}
      data-testid="mypage-row"
      data-kind={entry.kind}
      data-status={entry.status}
      data-id={entry.id}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell" className={classes.date}>
        {formatWeekdayDate(entry.at, now, language)}
      </span>
      <span role="cell" className={classes.time}>
        {formatClock(entry.at)}
      </span>
      <span role="cell" className={classes.kind} data-kind={entry.kind}>
        <KindIcon size={16} strokeWidth={1.75} aria-hidden />
        {words.kind}
      </span>
      <span role="cell" className={classes.content} data-selectable>
        {entry.ahead && (
          <span className={classes.ahead} title={t('aheadHint')} data-testid="mypage-ahead">
            <Tag tone="warn">
              <ClockAlert size={14} strokeWidth={1.75} aria-hidden />
              {t('ahead')}
            </Tag>
          </span>
        )}
        <span
          className="one-line"
          data-named
          title={[words.content, words.origin].filter(Boolean).join('\n')}
        >
          {words.content}
        </span>
        {voidable && (
          <button
            type="button"
            className={classes.void}
            data-testid="mypage-void"
            onClick={() => onVoid(entry)}
          >
            {t(`void.${voidable}`)}
          </button>
        )}
      </span>
      <span role="cell" className={`${classes.change} ${classes.points}`}>
        {points !== null && points !== 0 && <Points value={points} signed />}
      </span>
      <span role="cell" className={`${classes.number} ${classes.balance}`}>
        <Points value={entry.balance} />
      </span>
      <span
        role="cell"
        className={`${classes.change} ${classes.penalty}`}
        data-tone={
          penaltyPoints === null || penaltyPoints === 0 ? undefined : penaltyPoints > 0 ? 'bad' : 'ok'
        }
      >
        {penaltyPoints !== null && penaltyPoints !== 0 && <PenaltyPoints value={penaltyPoints} signed />}
      </span>
      <span role="cell" className={`${classes.number} ${classes.outstanding}`}>
        <PenaltyPoints value={entry.outstanding} />
      </span>
      <span role="cell" className={classes.status}>
        <StatusIcon size={16} strokeWidth={1.75} aria-hidden />
        <span>{words.status}</span>
      </span>
    </div>
  );
}
