import { useTranslation } from 'react-i18next';
import type { Actor, ActorRef } from '../../../backend';

/** The first digits of an id, by which somebody without a known name is told apart. */
const tagOf = (id: string): string => id.slice(0, 4).toUpperCase();

/** The words for who did something. */
export function useActorWords(): (actor: Actor) => string {
  const { t } = useTranslation('settings');
  return (actor) => {
    switch (actor.kind) {
      case 'staff':
        return actor.name ?? t('actor.unknownStaff', { tag: tagOf(actor.staffId) });
      case 'token':
        return actor.tokenId === 'owner'
          ? t('tokens.owner')
          : (actor.name ?? t('actor.unknownToken', { tag: tagOf(actor.tokenId) }));
      default:
        return t(`actor.${actor.kind}`);
    }
  };
}

const keyOf = (ref: ActorRef): string => JSON.stringify(ref);

const refOf = (actor: Actor): ActorRef => {
  switch (actor.kind) {
    case 'staff':
      return { kind: 'staff', staffId: actor.staffId };
    case 'token':
      return { kind: 'token', tokenId: actor.tokenId };
    default:
      return { kind: actor.kind };
  }
};

export const actorOfKey = (key: string): ActorRef | undefined =>
  key === '' ? undefined : (JSON.parse(key) as ActorRef);

/** Those who may have done something, as the choices of a filter. */
export function useActorChoices(): (actors: readonly Actor[]) => { value: string; label: string }[] {
  const { t } = useTranslation('settings');
  const words = useActorWords();
  return (actors) => [
    { value: '', label: t('filter.everybody') },
    ...actors.map((actor) => ({ value: keyOf(refOf(actor)), label: words(actor) })),
  ];
}
