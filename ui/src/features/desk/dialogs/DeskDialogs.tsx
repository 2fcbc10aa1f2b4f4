import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AreaOccupancy, CustomerCard, CustomerName, Occupant, Outcome } from '../../../backend';
import { CustomerForm } from '../../../shared/customer/CustomerForm';
import { textsOf } from '../../../shared/customer/profile';
import { WhyDialog } from '../../../shared/why/WhyDialog';
import { AreaPicker } from './AreaPicker';
import { CloseVisitDialog, EveryoneOutDialog } from './ConfirmDialogs';
import { DeductDialog } from './DeductDialog';
import { EvacuationDialog } from './EvacuationDialog';
import { ImposeDialog } from './ImposeDialog';
import { PayDialog } from './PayDialog';

export type DeskDialog =
  | { kind: 'picker'; walkIn: boolean }
  | { kind: 'pay' | 'impose' | 'deduct' | 'why' | 'edit' | 'evacuation' }
  | { kind: 'register'; text: string }
  | { kind: 'everyoneOut'; area: AreaOccupancy }
  | { kind: 'closing'; occupant: Occupant; area: AreaOccupancy };

interface Props {
  dialog: DeskDialog | null;
  card: CustomerCard | undefined;
  onClose: () => void;
  onRecorded: (outcome: Outcome, customer: CustomerName | null) => void;
  /** Selects a customer who was just registered. */
  onSelect: (customerId: string) => void;
}

/** Prefills the form of a new customer with a search text that found nobody, as phone number, card or name. */
function initialOf(text: string) {
  if (/^[\d\s-]{8,}$/.test(text)) return { phone: text };
  if (/\d{4,}/.test(text)) return { card: text };
  return { name: text };
}

export function DeskDialogs({ dialog, card, onClose, onRecorded, onSelect }: Props) {
  const { t } = useTranslation('desk');
  if (!dialog) return null;
  switch (dialog.kind) {
    case 'picker':
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
            initial={initialOf(dialog.text)}
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
            onSaved={onClose}
          />
        </Modal>
      );
  }
}
