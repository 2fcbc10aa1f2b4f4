import { Menu } from '@mantine/core';
import {
  CircleSlash,
  DoorClosed,
  EllipsisVertical,
  Info,
  KeyRound,
  type LucideIcon,
  RotateCcw,
  Scale,
} from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Correction, CorrectionKind, MypageEntry } from '../../backend';
import { roleToApprove } from '../../shared/approval';
import { useCorrections } from '../../shared/data/corrections';
import { useErrorWords } from '../../shared/errors';
import { formatClock } from '../../shared/time';
import classes from './CorrectionMenu.module.css';
import { correctableOf } from './correctable';

const ICONS: Record<CorrectionKind, LucideIcon> = {
  voidVisit: CircleSlash,
  takeBackCheckOut: RotateCcw,
  closeVisit: DoorClosed,
  voidPayment: CircleSlash,
  adjustPoints: Scale,
  voidPenalty: CircleSlash,
  voidPenaltyDeduction: CircleSlash,
};

/** Since its first item has the focus, a menu takes no key for this time: the second of two hurried presses isn't for it. */
const HURRIED_MS = 500;

/** Focuses a menu item after two animation frames, because the menu is positioned and visible only then. */
const focusWhenVisible = (item: HTMLButtonElement | null) => {
  if (item) requestAnimationFrame(() => requestAnimationFrame(() => item.focus()));
};

interface Props {
  entry: MypageEntry;
  isOpen: boolean;
  onOpen: () => void;
  onClose: () => void;
  onChoose: (kind: CorrectionKind) => void;
}

/** The button of an entry, and its menu: what can be corrected, else why not and who could. */
export function CorrectionMenu({ entry, isOpen, onOpen, onClose, onChoose }: Props) {
  const { t } = useTranslation('mypage');
  const button = (
    <button
      type="button"
      tabIndex={-1}
      className={classes.button}
      aria-label={t('correct.open')}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      data-testid="mypage-correct"
      onClick={isOpen ? onClose : onOpen}
    >
      <EllipsisVertical size={16} strokeWidth={1.75} aria-hidden />
    </button>
  );
  if (!isOpen) return button;
  return (
    <Menu
      opened
      onChange={(opened) => !opened && onClose()}
      position="bottom-end"
      width={320}
      trapFocus={false}
      closeOnItemClick={false}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown data-testid="correction-menu">
        <Corrections entry={entry} onChoose={onChoose} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Corrections({ entry, onChoose }: Pick<Props, 'entry' | 'onChoose'>) {
  const { t } = useTranslation('mypage');
  const errorWords = useErrorWords();
  const focusedAt = useRef<number | null>(null);
  const of = correctableOf(entry);
  const { data, error } = useCorrections(of);
  const choose = (kind: CorrectionKind, isKey: boolean) => {
    const since = performance.now() - (focusedAt.current ?? performance.now());
    if (!isKey || since >= HURRIED_MS) onChoose(kind);
  };
  const said = (text: string) => (
    <Menu.Item
      ref={focusWhenVisible}
      className={classes.refused ?? ''}
      leftSection={<Info size={20} strokeWidth={1.75} />}
      aria-disabled
      data-testid="correction-none"
    >
      {text}
    </Menu.Item>
  );
  if (of === null) return said(t(`correct.none.${noneOf(entry)}`));
  if (error) return said(errorWords(error).title);
  if (!data) return said(t('correct.loading'));
  if (data.length === 0) return said(t('correct.none.unknown'));
  return data.map(({ kind, refused, until }, index) => {
    const Icon = refused && roleToApprove(refused) ? KeyRound : ICONS[kind];
    return (
      <Menu.Item
        key={kind}
        ref={index === 0 ? focusWhenVisible : null}
        onFocus={() => {
          focusedAt.current ??= performance.now();
        }}
        className={isPossible({ refused }) ? '' : (classes.refused ?? '')}
        leftSection={<Icon size={20} strokeWidth={1.75} />}
        aria-disabled={!isPossible({ refused })}
        data-testid={`correction-${kind}`}
        data-refused={refused?.code}
        onClick={(event) => isPossible({ refused }) && choose(kind, event.detail === 0)}
      >
        <span className={classes.choice}>
          <b>{t(`correct.${kind}`)}</b>
          <Reason refused={refused} until={until} />
        </span>
      </Menu.Item>
    );
  });
}

/** A refusal for want of a role is lifted by somebody else's PIN, which is asked for when it is recorded. */
const isPossible = ({ refused }: Pick<Correction, 'refused'>) =>
  refused === null || roleToApprove(refused) !== null;

function Reason({ refused, until }: Pick<Correction, 'refused' | 'until'>) {
  const { t } = useTranslation('mypage');
  const { t: common } = useTranslation('common');
  const errorWords = useErrorWords();
  if (!refused)
    return until === null ? null : <small>{t('correct.until', { time: formatClock(until) })}</small>;
  const needed = roleToApprove(refused);
  const isRoleAlone = refused.code === 'not_authorised';
  return (
    <>
      {!(needed && isRoleAlone) && <small>{errorWords(refused).title}</small>}
      {needed && <small>{t('correct.needs', { role: common(`role.${needed}`) })}</small>}
    </>
  );
}

/** Why nothing corrects an entry of this kind. */
function noneOf({ kind }: MypageEntry): 'void' | 'writeOff' | 'ended' {
  if (kind === 'writeOff') return 'writeOff';
  return kind === 'expired' || kind === 'lapsed' ? 'ended' : 'void';
}
