import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AreaOccupancy, Command, CustomerCard, CustomerName, Occupant, Outcome } from '../../../backend';
import { CustomerForm } from '../../../shared/customer/CustomerForm';
import { initialProfile, toInput } from '../../../shared/customer/profile';
import { EvacuationDialog } from '../../../shared/evacuation/EvacuationDialog';
import { CloseVisitDialog, EveryoneOutDialog } from '../../../shared/inside/ConfirmDialogs';
import { customerAfter, type Deed, type Step, UndoDialog } from '../../../shared/undo';
import { WhyDialog } from '../../../shared/why/WhyDialog';
import { AreaPicker } from './AreaPicker';
import { DeductDialog } from './DeductDialog';
import { ForgottenOutDialog } from './ForgottenOutDialog';
import { ImposeDialog } from './ImposeDialog';
import { PayDialog } from './PayDialog';

export type DeskDialog =
  | { kind: 'picker'; walkIn: boolean }
  | { kind: 'pay' | 'impose' | 'deduct' | 'why' | 'edit' | 'evacuation' | 'forgottenOut' }
  | { kind: 'register'; text: string; isScan: boolean }
  | { kind: 'step'; step: Step }
  | { kind: 'everyoneOut'; area: AreaOccupancy }
  | { kind: 'closing'; occupant: Occupant; area: AreaOccupancy };

interface Props {
  dialog: DeskDialog | null;
  card: CustomerCard | undefined;
  onClose: () => void;
  onRecorded: (deed: Omit<Deed, 'at'>) => void;
  /** A step back or forward was taken after its question. */
  onStep: (outcome: Outcome, step: Step) => void;
  /** Selects a customer: one who was just registered, or who was here already. */
  onSelect: (customerId: string) => void;
}

export function DeskDialogs({ dialog, card, onClose, onRecorded, onStep, onSelect }: Props) {
  const { t } = useTranslation('desk');
  if (!dialog) return null;
  const doneAbout = (customer: CustomerName | null) => (outcome: Outcome, command: Command) =>
    onRecorded({ command, outcome, customer });
  const take = (customerId: string) => {
    onSelect(customerId);
    onClose();
  };
  switch (dialog.kind) {
    case 'picker':
      // Without a customer the picker checks a walk-in in.
      if (!dialog.walkIn && !card) return null;
      return (
        <AreaPicker
          card={dialog.walkIn ? null : (card ?? null)}
          onClose={onClose}
          onDone={(outcome, command) => {
            if (outcome.type === 'checkedIn' && dialog.walkIn) onSelect(outcome.customerId);
            onRecorded({ command, outcome, customer: dialog.walkIn ? null : (card?.customer ?? null) });
          }}
        />
      );
    case 'register':
      return (
        <Modal opened onClose={onClose} title={t('register.title')} data-testid="register-dialog">
          <CustomerForm
            inDialog
            initial={initialProfile(dialog.text, dialog.isScan)}
            onCancel={onClose}
            onOther={take}
            onSaved={({ customerId }) => take(customerId)}
          />
        </Modal>
      );
    case 'everyoneOut':
      return <EveryoneOutDialog area={dialog.area} onClose={onClose} onDone={doneAbout(null)} />;
    case 'closing':
      return (
        <CloseVisitDialog
          occupant={dialog.occupant}
          area={dialog.area}
          onClose={onClose}
          onDone={doneAbout(dialog.occupant.customer)}
        />
      );
    case 'evacuation':
      return <EvacuationDialog onClose={onClose} />;
    case 'step':
      return (
        <UndoDialog step={dialog.step} onClose={onClose} onDone={(outcome) => onStep(outcome, dialog.step)} />
      );
  }
  if (!card) return null;
  const done = doneAbout(card.customer);
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
      return <WhyDialog customer={card.customer} verdict={card.verdict} onClose={onClose} />;
    case 'edit':
      return (
        <Modal
          opened
          onClose={onClose}
          title={t(card.customer.name === null ? 'register.nameTitle' : 'register.editTitle')}
          data-testid="edit-dialog"
        >
          <CustomerForm
            inDialog
            card={card}
            onCancel={onClose}
            onOther={take}
            onSaved={(outcome, command, before) =>
              onRecorded({
                command,
                outcome,
                customer: customerAfter(command, card.customer),
                ...(before && before.name !== '' && { before: toInput(before) }),
              })
            }
          />
        </Modal>
      );
  }
}
