import { useTranslation } from 'react-i18next';
import type { CustomerCard, Occupancy } from '../../../backend';
import { shortAreaName } from '../../../shared/areaName';
import { formatNumber } from '../../../shared/format';
import { isFull } from '../../../shared/inside/isFull';
import type { KeyAct } from '../../../shared/keys/bindings';
import { useAreaName, useSession } from '../../../shared/session';
import { useNow } from '../../../shared/time';
import { useWords } from '../../../shared/words';
import { defaultArea } from '../areas';

export type ActionName = 'check-in' | 'check-out' | 'pay' | 'impose' | 'deduct' | 'mypage';

export interface DeskAction {
  name: ActionName;
  label: string;
  act: KeyAct;
  /** The text on the button: the action's limit, or why it is disabled. */
  detail: string;
  enabled: boolean;
  primary: boolean;
  locked: boolean;
}

type ActionState = Pick<DeskAction, 'detail' | 'enabled'> & { locked?: boolean };

/** The action that Enter triggers for this customer. A check-in closes a forgotten visit without points. */
export function primaryOf(card: CustomerCard): ActionName {
  if (card.inside && !card.inside.forgotten) return 'check-out';
  return card.verdict.standing === 'PROHIBITED' ? 'deduct' : 'check-in';
}

/** The six actions for the selected customer, with their limits as texts. */
export function useDeskActions(
  card: CustomerCard | undefined,
  occupancy: Occupancy | undefined,
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
  const disabled = (detail: string, locked = false): ActionState => ({ detail, enabled: false, locked });
  const enabled = (detail: string, locked = false): ActionState => ({ detail, enabled: true, locked });

  function checkIn(): ActionState {
    if (inside && !inside.forgotten) return disabled(t('action.already', { area: named(inside.areaId) }));
    if (erased) return disabled(t('action.erased'));
    const areas = occupancy?.areas ?? [];
    if (occupancy && areas.length === 0) return disabled(t('action.noAreas'));
    if (occupancy && areas.every(isFull)) return disabled(t('action.allFull'));
    if (isBanned) {
      // Somebody of that role may approve it over this screen.
      return enabled(t(staff.role === 'staff' ? 'action.approvalOnly' : 'action.approval'), true);
    }
    if (inside) return enabled(t('action.closesForgotten'));
    const target = defaultArea(areas);
    if (!target) return enabled('');
    const { area, present } = target;
    const params = {
      number: areas.indexOf(target) + 1,
      area: shortAreaName(area.name),
      present: formatNumber(present),
    };
    return enabled(
      area.capacity === null
        ? t('action.areaOnly', params)
        : t('action.areaAndFill', { ...params, capacity: formatNumber(area.capacity) }),
    );
  }

  function pay(): ActionState {
    if (erased) return disabled(t('action.erased'));
    const { balance, payableHere, holders } = points;
    const upTo = { points: formatNumber(payableHere) };
    if (balance <= 0) return disabled(t('action.noBalance'));
    const isToReclaim = holders.length > 0 && holders.every(({ earlier }) => earlier);
    if (payableHere <= 0) return enabled(t(isToReclaim ? 'action.reclaimFirst' : 'action.elsewhere'));
    return enabled(t(payableHere < balance ? 'action.upToNow' : 'action.upTo', upTo));
  }

  const states: Record<ActionName, ActionState> = {
    'check-in': checkIn(),
    'check-out': inside
      ? enabled(
          inside.forgotten
            ? t('action.forgotten', { area: named(inside.areaId) })
            : `${named(inside.areaId)} · ${stay(inside.since, now)}`,
        )
      : disabled(t('action.notInside')),
    pay: pay(),
    impose: erased
      ? disabled(t('action.erased'))
      : enabled(t('action.codes', { points: rules.codes.map((code) => code.points).join(' · ') })),
    deduct:
      card.penalties.length > 0
        ? enabled(t('action.outstanding', { points: formatNumber(verdict.outstanding) }))
        : disabled(t('action.noneOutstanding')),
    mypage: enabled(t('action.histories')),
  };
  const labels: [ActionName, string, KeyAct][] = [
    ['check-in', t('action.checkIn'), 'checkIn'],
    ['check-out', t('action.checkOut'), 'checkOut'],
    ['pay', t('action.pay'), 'pay'],
    ['impose', t('action.imposeShort'), 'impose'],
    ['deduct', t('action.deductShort'), 'deduct'],
    ['mypage', t('action.mypage'), 'mypage'],
  ];
  const primary = primaryOf(card);
  return labels.map(([name, label, act]) => ({
    name,
    label,
    act,
    primary: name === primary,
    locked: false,
    ...states[name],
  }));
}
