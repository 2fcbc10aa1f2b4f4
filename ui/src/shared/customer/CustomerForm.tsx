import { Button, TextInput } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../data/useAction';
import { useErrorWords } from '../errors';
import { isComposing } from '../inputMethod';
import { ErrorNotice, HINT_BELOW } from '../parts';
import classes from './customer.module.css';
import { emptyProfile, FIELDS, type Field, fieldOf, type ProfileTexts, toInput } from './profile';

/** The customer to edit, and the profile's revision when the form was opened. */
export interface EditedCustomer {
  customerId: string;
  revision: number;
}

interface Props {
  edited?: EditedCustomer;
  initial?: Partial<ProfileTexts>;
  onSaved: (customerId: string, revision: number) => void;
  onCancel: () => void;
}

/** The desk's form for registering a customer or editing a customer's profile. */
export function CustomerForm({ edited, initial = {}, onSaved, onCancel }: Props) {
  const { t } = useTranslation('common');
  const errorWords = useErrorWords();
  const { run, isPending, error, reset } = useAction();
  const [values, setValues] = useState<ProfileTexts>(() => ({ ...emptyProfile, ...initial }));
  const inputs = useRef<Partial<Record<Field, HTMLInputElement | null>>>({});
  const errorField = error && fieldOf(error);

  const submit = async () => {
    const profile = toInput(values);
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
    if (outcome?.type === 'customerSaved') onSaved(outcome.customerId, outcome.revision);
  };

  const onEnter = (event: KeyboardEvent, field: Field) => {
    if (event.key !== 'Enter' || isComposing(event)) return;
    // A scanner's Enter must not submit the form if a card is scanned before the name is typed. Move to the name
    // instead.
    if (field !== 'name' && values.name === '') {
      event.preventDefault();
      inputs.current.name?.focus();
    }
  };

  return (
    <form
      className={classes.form}
      noValidate
      data-busy={isPending || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {FIELDS.map((field) => (
        <TextInput
          key={field}
          ref={(input) => {
            inputs.current[field] = input;
          }}
          data-testid={`customer-${field}`}
          data-scan={field === 'card' ? 'card' : undefined}
          data-autofocus={field === 'name' || undefined}
          label={
            <>
              {t(`customerForm.${field}`)}
              {field !== 'name' && <span className={classes.optional}>{t('optional')}</span>}
            </>
          }
          description={field === 'card' ? t('customerForm.cardHint') : undefined}
          inputWrapperOrder={HINT_BELOW}
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
