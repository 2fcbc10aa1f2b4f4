import { useTranslation } from 'react-i18next';
import type { Actor, ActorRef, StaffMember, TokenView } from '../../../backend';

/** The words for who did something. */
export function useActorWords(): (actor: Actor) => string {
  const { t } = useTranslation('settings');
  return (actor) => {
    switch (actor.kind) {
      case 'staff':
        return actor.name ?? t('actor.unknownStaff');
      case 'token':
        return actor.tokenId === 'owner' ? t('tokens.owner') : (actor.name ?? t('actor.unknownToken'));
      default:
        return t(`actor.${actor.kind}`);
    }
  };
}

const keyOf = (ref: ActorRef): string => JSON.stringify(ref);

export const actorOfKey = (key: string): ActorRef | undefined =>
  key === '' ? undefined : (JSON.parse(key) as ActorRef);

/** Everybody who may have done something, as the choices of a filter. */
export function useActorChoices(staff: readonly StaffMember[] = [], tokens: readonly TokenView[] = []) {
  const { t } = useTranslation('settings');
  return (withNobody: boolean) => [
    { value: '', label: t('filter.everybody') },
    ...staff.map(({ staffId, name }) => ({ value: keyOf({ kind: 'staff', staffId }), label: name })),
    ...tokens.map(({ tokenId, name }) => ({
      value: keyOf({ kind: 'token', tokenId }),
      label: tokenId === 'owner' ? t('tokens.owner') : name,
    })),
    { value: keyOf({ kind: 'program' }), label: t('actor.program') },
    ...(withNobody ? [{ value: keyOf({ kind: 'nobody' }), label: t('actor.nobody') }] : []),
  ];
}
