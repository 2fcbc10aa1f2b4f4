import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CaseFact, Command } from '../../backend';
import { FactLine } from '../../shared/parts';

/** The command that voids what a fact recorded, if anything does. */
function voidOf({ entry }: CaseFact): Command | null {
  const { kind, subjectId, deductionId } = entry;
  if (subjectId === null) return null;
  const reason = 'mistaken';
  switch (kind) {
    case 'checkedIn':
      return { type: 'voidVisit', visitId: subjectId, reason };
    case 'paid':
      return { type: 'voidPayment', paymentId: subjectId, reason };
    case 'penaltyImposed':
      return { type: 'voidPenalty', penaltyId: subjectId, reason };
    case 'penaltyDeducted':
      return deductionId === null
        ? null
        : { type: 'voidPenaltyDeduction', penaltyId: subjectId, deductionId, reason };
    default:
      return null;
  }
}

interface Props {
  fact: CaseFact;
  /** Whether its customer is named, in a case that isn't about one. */
  named: boolean;
  onVoid: (command: Command, title: string) => void;
}

/** A fact of a case, with the button that voids what it recorded. */
export function CaseFactRow({ fact, named, onVoid }: Props) {
  const { t } = useTranslation('review');
  const command = fact.voided ? null : voidOf(fact);
  const title = command && t(`void.${command.type as 'voidVisit'}`);
  return (
    <FactLine fact={fact} named={named}>
      {command && title && (
        <Button variant="default" size="xs" data-testid="case-void" onClick={() => onVoid(command, title)}>
          {title}
        </Button>
      )}
    </FactLine>
  );
}
