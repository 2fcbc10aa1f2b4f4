import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AreaOccupancy, Command, CustomerCard, CustomerName, Occupant, Outcome } from '../../../backend';
import { CustomerForm } from '../../../shared/customer/CustomerForm';
import { textsOf, toInput } from '../../../shared/customer/profile';
import { looksLikePhone } from '../../../shared/scan';
import { WhyDialog } from '../../../shared/why/WhyDialog';
import type { Undo } from '../undo';
import { AreaPicker } from './AreaPicker';
import { CloseVisitDialog, EveryoneOutDialog } from './ConfirmDialogs';
import { DeductDialog } from './DeductDialog';
import { EvacuationDialog } from './EvacuationDialog';
import { ForgottenOutDialog } from './ForgottenOutDialog';
import { ImposeDialog } from './ImposeDialog';
import { PayDialog } from './PayDialog';
import { UndoDialog } from './UndoDialog';

export type DeskDialog =
  | { kind: 'picker'; walkIn: boolean }
  | { kind: 'pay' | 'impose' | 'deduct' | 'why' | 'edit' | 'evacuation' | 'forgottenOut' }
  | { kind: 'register'; text: string; isScan: boolean }
  | { kind: 'undo'; undo: Undo }
  | { kind: 'everyoneOut'; area: AreaOccupancy }
  | { kind: 'closing'; occupant: Occupant; area: AreaOccupancy };

interface Props {
  dialog: DeskDialog | null;
  card: CustomerCard | undefined;
  onClose: () => void;
  onRecorded: (outcome: Outcome, customer: CustomerName | null, undo?: Command) => void;
  /** Selects a customer who was just registered. */
  onSelect: (customerId: string) => void;
}

/** Prefills the form of a new customer with a search text that found nobody, as phone number, card or name. */
function initialOf({ text, isScan }: { text: string; isScan: boolean }) {
  if (isScan) return { card: text };
  if (looksLikePhone(text)) return { phone: text };
  if (/\d{4,}/.test(text)) return { card: text };
  return { name: text };
}

/** The command that gives a customer back the details from before an edit. A name that was given can't be taken away. */
const undoOfEdit = (before: CustomerCard, revision: number): Command | undefined =>
  before.customer.name === null
    ? undefined
    : {
        type: 'reviseCustomer',
        customerId: before.customer.customerId,
        baseRevision: revision,
        profile: toInput(textsOf(before)),
      };

export function DeskDialogs({ dialog, card, onClose, onRecorded, onSelect }: Props) {
  const { t } = useTranslation('desk');
  if (!dialog) return null;
  switch (dialog.kind) {
    case 'picker':
      // Without a customer the picker checks a walk-in in.
      if (!dialog.walkIn && !card) return null;
      return (
        <AreaPicker
          card={dialog.walkIn ? null : (card ?? null)}
          onClose={onClose}
          onDone={(outcome) => {
            if (outcome.type === 'checkedIn' && dialog.walkIn) onSelect(outcome.customerId);
            onRecorded(outcome, dialog.walkIn ? null : (card?.customer ?? null));
          }}
        />
      );
    case 'register':
      return (
        <Modal opened onClose={onClose} title={t('register.title')} data-testid="register-dialog">
          <CustomerForm
            initial={initialOf(dialog)}
            onCancel={onClose}
            onSaved={(customerId) => {
              onSelect(customerId);
              onClose();
            }}
          />
        </Modal>
      );
    case 'everyoneOut':
      return (
        <EveryoneOutDialog
          area={dialog.area}
          onClose={onClose}
          onDone={(outcome) => onRecorded(outcome, null)}
        />
      );
    case 'closing':
      return (
        <CloseVisitDialog
          occupant={dialog.occupant}
          area={dialog.area}
          onClose={onClose}
          onDone={(outcome) => onRecorded(outcome, dialog.occupant.customer)}
        />
      );
    case 'evacuation':
      return <EvacuationDialog onClose={onClose} />;
    case 'undo':
      return (
        <UndoDialog
          undo={dialog.undo}
          onClose={onClose}
          onDone={(outcome) => onRecorded(outcome, dialog.undo.customer)}
        />
      );
  }
  if (!card) return null;
  const done = (outcome: Outcome) => onRecorded(outcome, card.customer);
  switch (dialog.kind) {
    case 'pay':
      return <PayDialog card={card} onClose={onClose} onDone={done} />;
    case 'impose':
      return <ImposeDialog card={card} onClose={onClose} onDone={done} />;
    case 'deduct':
      return <DeductDialog card={card} onClose={onClose} onDone={done} />;
    case 'forgottenOut':
      return card.inside ? (
        <ForgottenOutDialog customer={card.customer} inside={card.inside} onClose={onClose} onDone={done} />
      ) : null;
    case 'why':
      return <WhyDialog card={card} onClose={onClose} />;
    case 'edit':
      return (
        <Modal
          opened
          onClose={onClose}
          title={t(card.customer.name === null ? 'register.nameTitle' : 'register.editTitle')}
          data-testid="edit-dialog"
        >
          <CustomerForm
            edited={{ customerId: card.customer.customerId, revision: card.revision }}
            initial={textsOf(card)}
            onCancel={onClose}
            onSaved={(customerId, revision) =>
              onRecorded(
                { type: 'customerSaved', customerId, revision },
                card.customer,
                undoOfEdit(card, revision),
              )
            }
          />
        </Modal>
      );
  }
}
