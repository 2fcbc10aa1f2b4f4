import { Button, Modal, Stack, TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command, CustomerCard, Outcome } from '../../backend';
import { problemOf, textsOf, toInput } from '../../shared/customer/profile';
import { useAction } from '../../shared/data/useAction';
import { isComposing } from '../../shared/inputMethod';
import { isBlank } from '../../shared/limits';
import { ErrorNotice, Kbd } from '../../shared/parts';
import { isSameCard } from '../../shared/scan';
import { useWords } from '../../shared/words';
import classes from './Customers.module.css';

interface ReplaceCardDialogProps {
  card: CustomerCard;
  onClose: () => void;
  onDone: (outcome: Outcome, command: Command) => void;
}

/**
 * Replaces a lost card. A scan fills the field but saves nothing; the user presses Enter, and so has seen the number.
 */
export function ReplaceCardDialog({ card, onClose, onDone }: ReplaceCardDialogProps) {
  const { t } = useTranslation('customers');
  const words = useWords();
  const action = useAction();
  const [number, setNumber] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  const save = async () => {
    if (isBlank(number)) return setProblem(t('cardReplace.needed'));
    if (card.card !== null && isSameCard(number, card.card)) return setProblem(t('cardReplace.same'));
    const long = problemOf('card', number);
    if (long) return setProblem(t('cardReplace.tooLong', { max: long.max, value: long.count }));
    const command: Command = {
      type: 'reviseCustomer',
      customerId: card.customer.customerId,
      baseRevision: card.revision,
      profile: toInput({ ...textsOf(card), card: number }),
    };
    const outcome = await action.run(command);
    if (outcome) onDone(outcome, command);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || isComposing(event)) return;
    event.preventDefault();
    void save();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={440}
      title={
        <span className={classes.dialogTitle}>
          {t('cardReplace.title', { name: words.nameOf(card.customer) })}
        </span>
      }
    >
      <Stack gap={16}>
        <p className={classes.note}>
          {t('cardReplace.now')} <b>{card.card ?? t('cardReplace.none')}</b>
        </p>
        <TextInput
          data-autofocus
          label={t('cardReplace.new')}
          description={t('cardReplace.hint')}
          autoComplete="off"
          spellCheck={false}
          value={number}
          error={problem}
          data-testid="customer-new-card"
          data-scan="card"
          onChange={(event) => {
            setNumber(event.currentTarget.value);
            setProblem(null);
          }}
          onKeyDown={onKeyDown}
        />
        {action.error && <ErrorNotice error={action.error} />}
        <Button
          size="md"
          loading={action.isPending}
          rightSection={<Kbd on="accent">Enter</Kbd>}
          data-testid="customer-new-card-save"
          onClick={() => void save()}
        >
          {t('cardReplace.save')}
        </Button>
      </Stack>
    </Modal>
  );
}
