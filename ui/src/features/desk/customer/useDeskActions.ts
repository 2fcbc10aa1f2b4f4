import { useTranslation } from 'react-i18next';
import type { CustomerCard, Occupancy } from '../../../backend';
import { useNow } from '../../../shared/clock';
import { formatNumber } from '../../../shared/format';
import { useAreaName, useSession } from '../../../shared/session';
import { useWords } from '../../../shared/words';
import { shortAreaName } from '../areaName';
import { defaultArea, isFull } from '../areas';

export type ActionName = 'check-in' | 'check-out' | 'pay' | 'impose' | 'deduct' | 'mypage';

export interface DeskAction {
  name: ActionName;
  label: string;
  keyName: string;
  /** The limit, or why it can't be done. */
  detail: string;
  enabled: boolean;
  primary: boolean;
  locked: boolean;
  run: () => void;
}

type State = Pick<DeskAction, 'detail' | 'enabled'> & { locked?: boolean };

/** Which of the six is the first thing to do for this customer. */
export function primaryOf(card: CustomerCard): ActionName {
  if (card.inside) return 'check-out';
  return card.verdict.standing === 'PROHIBITED' ? 'deduct' : 'check-in';
}

/** The six actions for the customer in hand, with their limits in words. */
export function useDeskActions(
  card: CustomerCard | undefined,
  occupancy: Occupancy | undefined,
  runs: Record<ActionName, () => void>,
): DeskAction[] {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { rules, staff } = useSession();
  const { stay } = useWords();
  const areaName = useAreaName();
  const now = useNow();
  if (!card) return [];
  const { verdict, points, inside, erased } = card;
  const isBanned = verdict.standing === 'PROHIBITED';
  const named = (areaId: string) => shortAreaName(areaName(areaId) ?? common('unknownArea'));
  const no = (detail: string, locked = false): State => ({ detail, enabled: false, locked });
  const yes = (detail: string, locked = false): State => ({ detail, enabled: true, locked });

  function checkIn(): State {
    if (inside) return no(t('action.already', { area: named(inside.areaId) }));
    if (erased) return no(t('action.erased'));
    const areas = occupancy?.areas ?? [];
    if (occupancy && areas.length === 0) return no(t('action.noAreas'));
    if (occupancy && areas.every(isFull)) return no(t('action.allFull'));
    if (isBanned) {
      return staff.role === 'staff' ? no(t('action.approvalOnly'), true) : yes(t('action.approval'), true);
    }
    const target = defaultArea(areas);
    if (!target) return yes('');
    const { area, present } = target;
    const params = {
      number: areas.indexOf(target) + 1,
      area: shortAreaName(area.name),
      present: formatNumber(present),
    };
    return yes(
      area.capacity === null
        ? t('action.areaOnly', params)
        : t('action.areaAndFill', { ...params, capacity: formatNumber(area.capacity) }),
    );
  }

  function pay(): State {
    if (erased) return no(t('action.erased'));
    const { balance, payableHere } = points;
    const upTo = { points: formatNumber(payableHere) };
    if (balance <= 0) return no(t('action.noBalance'));
    if (payableHere <= 0) return yes(t('action.elsewhere'));
    return yes(t(payableHere < balance ? 'action.upToNow' : 'action.upTo', upTo));
  }

  const states: Record<ActionName, State> = {
    'check-in': checkIn(),
    'check-out': inside
      ? yes(`${named(inside.areaId)} · ${stay(inside.since, now)}`)
      : no(t('action.notInside')),
    pay: pay(),
    impose: erased
      ? no(t('action.erased'))
      : yes(t('action.codes', { points: rules.codes.map((code) => code.points).join(' · ') })),
    deduct:
      card.penalties.length > 0
        ? yes(t('action.outstanding', { points: formatNumber(verdict.outstanding) }))
        : no(t('action.noneOutstanding')),
    mypage: yes(t('action.histories')),
  };
  const labels: [ActionName, string, string][] = [
    ['check-in', t('action.checkIn'), 'F2'],
    ['check-out', t('action.checkOut'), 'F3'],
    ['pay', t('action.pay'), 'F4'],
    ['impose', t('action.impose'), 'F6'],
    ['deduct', t('action.deduct'), 'F7'],
    ['mypage', t('action.mypage'), 'F8'],
  ];
  const primary = primaryOf(card);
  return labels.map(([name, label, keyName]) => ({
    name,
    label,
    keyName,
    primary: name === primary,
    locked: false,
    ...states[name],
    run: runs[name],
  }));
}
