import { useTranslation } from 'react-i18next';
import type { CustomerCard } from '../../../backend';
import { useWords } from '../../../shared/words';

/** The id of the text that also describes the search field. */
export const VERDICT_ID = 'desk-verdict';

/**
 * Says once, for screen readers, whose verdict it is and which. It has no time in it, so it isn't said again each minute,
 * and it is always there, because a region that appears with its text isn't said at all.
 */
export function VerdictStatus({ card }: { card: CustomerCard | undefined }) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { nameOf } = useWords();
  return (
    <p id={VERDICT_ID} className="visually-hidden" role="status" data-testid="verdict-status">
      {card &&
        t('verdict.said', {
          name: card.erased ? common('erased') : common('namePlain', { name: nameOf(card.customer) }),
          standing: common(`standing.${card.verdict.standing}`),
        })}
    </p>
  );
}
