import { Button, TextInput } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError, ProfileInput } from '../../backend';
import { isComposing } from '../composition';
import { useAction } from '../data/useAction';
import { useErrorWords } from '../errors';
import { ErrorNotice } from '../parts';
import classes from './customer.module.css';

type Field = 'name' | 'phone' | 'card';
const fields: Field[] = ['name', 'phone', 'card'];

/** The customer an edit began from; absent for a new one. */
export interface EditedCustomer {
  customerId: string;
  revision: number;
}

interface Props {
  edited?: EditedCustomer;
  initial?: Partial<Record<Field, string | null>>;
  onSaved: (customerId: string) => void;
  onCancel: () => void;
}

/** The field an error is about, so that it can be shown there. */
function fieldOf(error: AppError): Field | null {
  if (error.code === 'card_taken') return 'card';
  const named = error.params.field;
  return fields.find((field) => field === named) ?? null;
}

/** Registers a customer, or replaces a customer's details; used at the desk and on Customers. */
export function CustomerForm({ edited, initial = {}, onSaved, onCancel }: Props) {
  const { t } = useTranslation('common');
  const errorWords = useErrorWords();
  const { run, isPending, error, reset } = useAction();
  const [values, setValues] = useState({
    name: initial.name ?? '',
    phone: initial.phone ?? '',
    card: initial.card ?? '',
  });
  const inputs = useRef<Partial<Record<Field, HTMLInputElement | null>>>({});
  const errorField = error && fieldOf(error);

  const submit = async () => {
    const profile: ProfileInput = { name: values.name };
    if (values.phone !== '') profile.phone = values.phone;
    if (values.card !== '') profile.card = values.card;
    const outcome = await run(
      edited
        ? {
            type: 'reviseCustomer',
            customerId: edited.customerId,
            baseRevision: edited.revision,
            profile,
          }
        : { type: 'registerCustomer', profile },
    );
    if (outcome?.type === 'customerSaved') onSaved(outcome.customerId);
  };

  const onEnter = (event: KeyboardEvent, field: Field) => {
    if (event.key !== 'Enter' || isComposing(event)) return;
    // A scanner ends with Enter, too: a card alone doesn't send the form.
    if (field !== 'name' && values.name === '') {
      event.preventDefault();
      inputs.current.name?.focus();
    }
  };

  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {fields.map((field) => (
        <TextInput
          key={field}
          ref={(input) => {
            inputs.current[field] = input;
          }}
          data-testid={`customer-${field}`}
          data-autofocus={field === 'name' || undefined}
          label={
            <>
              {t(`customerForm.${field}`)}
              {field !== 'name' && <span className={classes.optional}>{t('optional')}</span>}
            </>
          }
          description={field === 'card' ? t('customerForm.cardHint') : undefined}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          inputMode={field === 'phone' ? 'tel' : 'text'}
          autoComplete="off"
          spellCheck={false}
          value={values[field]}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setValues((now) => ({ ...now, [field]: value }));
            if (errorField === field) reset();
          }}
          onKeyDown={(event) => onEnter(event, field)}
          error={
            error && errorField === field ? (
              <span data-testid="error" data-code={error.code}>
                {errorWords(error).title} {errorWords(error).advice}
              </span>
            ) : undefined
          }
        />
      ))}
      {error && !errorField && <ErrorNotice error={error} />}
      <div className={classes.foot}>
        <Button variant="default" size="md" onClick={onCancel}>
          {t('cancel')}
        </Button>
        <Button
          type="submit"
          size="md"
          loading={isPending}
          disabled={values.name === ''}
          data-testid="customer-submit"
        >
          {t(edited ? 'customerForm.save' : 'customerForm.register')}
        </Button>
      </div>
    </form>
  );
}
