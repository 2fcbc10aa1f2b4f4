import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MypageEntry } from '../../backend';
import { codeName, groundName } from '../../shared/openWords';
import { useAreaName } from '../../shared/session';
import { formatClock } from '../../shared/time';
import { useWords } from '../../shared/words';

/** The texts of one entry. */
export interface EntryWords {
  kind: string;
  content: string;
  status: string;
  /** The staff member and the terminal that recorded it, for the tooltip. */
  origin: string;
}

export function useEntryWords(): (entry: MypageEntry) => EntryWords {
  const { t } = useTranslation('mypage');
  const { t: common } = useTranslation('common');
  const areaName = useAreaName();
  const words = useWords();
  return useMemo(() => {
    const area = (entry: MypageEntry) => areaName(entry.areaId) ?? common('unknownArea');
    const visit = (entry: MypageEntry) => {
      if (entry.startedAt === null) return t('content.noCheckIn');
      const start = entry.startedAt;
      const values = { area: area(entry), from: formatClock(start) };
      if (entry.endedAt !== null) {
        const to = formatClock(entry.endedAt);
        return t('content.visit', { ...values, to, stay: words.duration(start, entry.endedAt) });
      }
      return t(entry.status === 'CHECKED_IN' ? 'content.inside' : 'content.unfinished', values);
    };
    const content = (entry: MypageEntry): string => {
      const note = entry.note ?? '';
      switch (entry.kind) {
        case 'visit':
          return visit(entry);
        case 'payment':
          return note || t('content.payment');
        case 'paymentVoid':
        case 'penaltyVoid':
        case 'penaltyDeductionVoid':
          return note || t(`content.${entry.kind}`);
        case 'expired':
          return t('content.expired');
        case 'lapsed': {
          const lapsed = t('content.lapsed');
          return entry.code ? `${codeName(common, entry.code)} · ${lapsed}` : lapsed;
        }
        case 'adjustment':
          return note || t('content.adjustment');
        case 'writeOff':
          return entry.terminalName === null
            ? t('content.writeOffUnknown')
            : t('content.writeOff', { terminal: entry.terminalName });
        case 'penalty': {
          const code = entry.code ? codeName(common, entry.code) : t('kind.penalty');
          const where = entry.areaId === null ? [] : [area(entry)];
          return [code, ...where, ...(note ? [note] : [])].join(' · ');
        }
        case 'penaltyDeduction': {
          const ground = entry.ground ? groundName(common, entry.ground) : t('kind.penaltyDeduction');
          return note ? `${ground} · ${note}` : ground;
        }
      }
    };
    return (entry) => {
      const by = entry.by === null ? [] : [t('content.by', { name: entry.by })];
      const at = entry.terminalName === null ? [] : [entry.terminalName];
      return {
        kind: t(`kind.${entry.kind}`),
        content: content(entry),
        status: t(`status.${entry.kind}.${entry.status}` as 'status.visit.EARNED', {
          defaultValue: entry.status,
        }),
        origin: [...by, ...at].join(' · '),
      };
    };
  }, [t, common, areaName, words]);
}
