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
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { CorrectionKind, Language, MypageEntry } from '../../backend';
import { PenaltyPoints, Points, Tag } from '../../shared/parts';
import { formatClock, formatMoment, formatWeekdayDate } from '../../shared/time';
import { CorrectionMenu } from './CorrectionMenu';
import classes from './EntryTable.module.css';
import type { EntryWords } from './entryWords';

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
  /** Whether Tab reaches this row; the arrow keys move from there. */
  isTabStop: boolean;
  isOpen: boolean;
  onOpen: () => void;
  onClose: () => void;
  /** Chooses how the entry is corrected; null where nothing is corrected. */
  onCorrect: ((entry: MypageEntry, kind: CorrectionKind) => void) | null;
}

/** One entry of the history. Enter, the menu key and the right mouse button open its menu. */
export function EntryRow(props: EntryRowProps) {
  const { entry, words, index, top, now, language, isTabStop, isOpen, onOpen, onClose, onCorrect } = props;
  const { t } = useTranslation('common');
  const { t: mypage } = useTranslation('mypage');
  const KindIcon = KIND_ICONS[entry.kind];
  const StatusIcon = statusIcon(entry.status);
  const { points, penaltyPoints } = entry;
  const isMenuKey = ({ key, shiftKey }: KeyboardEvent) =>
    key === 'Enter' || key === 'ContextMenu' || (key === 'F10' && shiftKey);
  return (
    <div
      className={classes.row}
      role="row"
      tabIndex={isTabStop ? 0 : -1}
      aria-rowindex={index + 2}
      data-testid="mypage-row"
      data-kind={entry.kind}
      data-status={entry.status}
      data-id={entry.id}
      style={{ transform: `translateY(${top}px)` }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || event.repeat || !isMenuKey(event)) return;
        event.preventDefault();
        if (onCorrect) onOpen();
      }}
      onContextMenu={(event) => {
        if (!onCorrect) return;
        event.preventDefault();
        onOpen();
      }}
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
        {entry.enteredAt !== null && (
          <span
            className={classes.late}
            title={t('enteredAfterwards', { time: formatMoment(entry.enteredAt, language) })}
            data-testid="entered-afterwards"
          >
            {t('late')}
          </span>
        )}
        {entry.ahead && (
          <span className={classes.ahead} title={mypage('aheadHint')} data-testid="mypage-ahead">
            <Tag tone="warn">
              <ClockAlert size={14} strokeWidth={1.75} aria-hidden />
              {mypage('ahead')}
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
        {onCorrect && (
          <CorrectionMenu
            entry={entry}
            isOpen={isOpen}
            onOpen={onOpen}
            onClose={onClose}
            onChoose={(kind) => onCorrect(entry, kind)}
          />
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
