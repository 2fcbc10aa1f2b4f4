import { Button, TextInput, UnstyledButton } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type AlikePage,
  type AppError,
  type Command,
  type CustomerCard,
  type CustomerId,
  type Outcome,
  useBackend,
} from '../../backend';
import { useAction } from '../data/useAction';
import { useErrorWords } from '../errors';
import { useHotkeys } from '../hotkeys';
import { isComposing } from '../inputMethod';
import { ErrorNotice, HINT_BELOW, Kbd } from '../parts';
import { formatIsoDate } from '../time';
import { AlikeCustomers } from './AlikeCustomers';
import classes from './customer.module.css';
import { EditConflict } from './EditConflict';
import {
  emptyProfile,
  FIELDS,
  type Field,
  fieldOf,
  isSame,
  type ProfileTexts,
  problemOf,
  textsOf,
  toInput,
} from './profile';

type Saved = Extract<Outcome, { type: 'customerSaved' }>;

interface Props {
  /** The customer to edit, or to name; absent for a new customer. */
  card?: CustomerCard;
  initial?: Partial<ProfileTexts>;
  /** Whether a dialog shows the form, which then has its own Escape. */
  inDialog?: boolean;
  /** `before` are the details from before an edit. */
  onSaved: (outcome: Saved, command: Command, before: ProfileTexts | null) => void;
  onCancel: () => void;
  /** Takes another customer in hand instead. */
  onOther: (customerId: CustomerId) => void;
}

/**
 * The form for a new customer, for naming a walk-in and for editing. Before a customer gets a name, it asks who of the
 * registered customers that may be, and lets it pass.
 */
export function CustomerForm({ card, initial, inDialog = false, onSaved, onCancel, onOther }: Props) {
  const { t } = useTranslation('common');
  const fieldError = useFieldError();
  const backend = useBackend();
  const { run, isPending, error, reset } = useAction();
  const inputs = useRef<Partial<Record<Field, HTMLInputElement | null>>>({});
  const [texts, setTexts] = useState<ProfileTexts>(() => ({
    ...(card ? textsOf(card) : emptyProfile),
    ...initial,
  }));
  // The version of the customer that the edit is based on. If the user keeps their own changes after a conflict, the
  // edit is based on the other user's version.
  const [base, setBase] = useState(card);
  const [theirs, setTheirs] = useState<CustomerCard | null>(null);
  const [touched, setTouched] = useState<ReadonlySet<Field>>(new Set());
  const [isUnchanged, setIsUnchanged] = useState(false);
  const [alike, setAlike] = useState<AlikePage | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const isBusy = isPending || isAsking;
  const refused = error && fieldOf(error);

  useEffect(() => {
    const field = error && fieldOf(error);
    if (field) inputs.current[field]?.select();
    if (error?.code !== 'revised_meanwhile' || !card) return;
    const load = async () =>
      setTheirs(await backend.customerCard(card.customer.customerId).catch(() => null));
    void load();
  }, [error, backend, card]);

  const save = async (from: CustomerCard | undefined) => {
    const profile = toInput(texts);
    const command: Command = from
      ? {
          type: 'reviseCustomer',
          customerId: from.customer.customerId,
          baseRevision: from.revision,
          profile,
        }
      : { type: 'registerCustomer', profile };
    const outcome = await run(command);
    if (outcome?.type === 'customerSaved') onSaved(outcome, command, from ? textsOf(from) : null);
  };

  const isNew = !base || base.customer.name === null;
  /** Returns whether nobody seems to be here already. If that can't be asked, registering goes on. */
  const isNobodyHere = async (): Promise<boolean> => {
    if (!isNew || texts.phone === '') return true;
    setIsAsking(true);
    const { name, phone } = texts;
    const except = base && { except: base.customer.customerId };
    const found = await backend.alikeCustomers({ name, phone, ...except }).catch(() => null);
    setIsAsking(false);
    setAlike(found?.alike.length ? found : null);
    return !found?.alike.length;
  };

  const submit = async () => {
    if (isBusy || theirs) return;
    setTouched(new Set(FIELDS));
    const wrong = FIELDS.find((field) => problemOf(field, texts[field]));
    if (wrong) return inputs.current[wrong]?.focus();
    setIsUnchanged(base !== undefined && isSame(texts, textsOf(base)));
    if (base && isSame(texts, textsOf(base))) return;
    if (await isNobodyHere()) await save(base);
  };
  useHotkeys({ 'Ctrl Enter': () => void submit(), Escape: onCancel }, { enabled: !inDialog });

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>, field: Field) => {
    if (event.key !== 'Enter' || isComposing(event)) return;
    if (alike) return event.currentTarget.form?.querySelector<HTMLElement>('[data-customer]')?.focus();
    // Enter without a name is that of somebody who filled in another field first.
    if (field !== 'name' && texts.name === '') {
      event.preventDefault();
      inputs.current.name?.focus();
    }
  };
  const change = (field: Field, value: string) => {
    setTexts((now) => ({ ...now, [field]: value }));
    setIsUnchanged(false);
    if (field !== 'card') setAlike(null);
    if (refused === field) reset();
  };

  if (theirs) {
    return (
      <EditConflict
        mine={texts}
        theirs={textsOf(theirs)}
        isSaving={isPending}
        onMine={() => {
          setBase(theirs);
          setTheirs(null);
          void save(theirs);
        }}
        onTheirs={onCancel}
      />
    );
  }
  const hintOf = (field: Field) => {
    if (field === 'card') return t('customerForm.cardHint');
    return field === 'consentOn' ? t('customerForm.consentHint') : undefined;
  };
  const taken = error?.code === 'card_taken' ? error.params : null;
  return (
    <form
      className={classes.form}
      noValidate
      data-testid="customer-form"
      data-busy={isBusy || undefined}
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
          autoFocus={field === 'name' && !inDialog}
          label={
            <>
              {t(`customerForm.${field}`)}
              {field !== 'name' && <span className={classes.optional}>{t('optional')}</span>}
            </>
          }
          placeholder={field === 'consentOn' ? t('customerForm.consentExample') : ''}
          description={hintOf(field)}
          {...(field === 'consentOn' && {
            rightSectionWidth: 64,
            rightSection: (
              <UnstyledButton
                className={classes.today ?? ''}
                tabIndex={-1}
                data-testid="customer-consent-today"
                onClick={() => change('consentOn', formatIsoDate(Date.now()))}
              >
                {t('customerForm.consentToday')}
              </UnstyledButton>
            ),
          })}
          inputWrapperOrder={HINT_BELOW}
          inputMode={field === 'phone' ? 'tel' : field === 'consentOn' ? 'numeric' : 'text'}
          autoComplete="off"
          spellCheck={false}
          value={texts[field]}
          onChange={(event) => change(field, event.currentTarget.value)}
          onBlur={() => texts[field] !== '' && setTouched((now) => new Set(now).add(field))}
          onKeyDown={(event) => onKeyDown(event, field)}
          error={fieldError(field, texts[field], touched.has(field), refused === field ? error : null)}
        />
      ))}
      {/^\s|\s$/u.test(texts.name) && !problemOf('name', texts.name) && (
        <p className={classes.note}>{t('customerForm.spaces')}</p>
      )}
      {taken && typeof taken.customerId === 'string' && (
        <Button variant="default" onClick={() => onOther(String(taken.customerId))}>
          {t('customerForm.openOther', { name: String(taken.name ?? '') })}
        </Button>
      )}
      {error && !refused && <ErrorNotice error={error} />}
      {isUnchanged && (
        <p className={classes.note} role="status">
          {t('customerForm.unchanged')}
        </p>
      )}
      {alike && <AlikeCustomers page={alike} onChoose={onOther} />}
      <div className={classes.foot} data-dialog-foot>
        <Button
          variant="default"
          size="md"
          rightSection={<Kbd>Esc</Kbd>}
          data-testid="customer-cancel"
          onClick={onCancel}
        >
          {t('cancel')}
        </Button>
        {alike ? (
          <Button
            key="anyway"
            size="md"
            loading={isBusy}
            data-testid="customer-anyway"
            onClick={() => void save(base)}
          >
            {t(base ? 'alike.saveAnyway' : 'alike.registerAnyway')}
          </Button>
        ) : (
          <Button
            key="submit"
            type="submit"
            size="md"
            loading={isBusy}
            rightSection={<Kbd on="accent">Enter</Kbd>}
            data-testid="customer-submit"
          >
            {t(base ? 'customerForm.save' : 'customerForm.register')}
          </Button>
        )}
      </div>
    </form>
  );
}

const PROBLEMS = {
  needed: { code: 'empty', text: 'customerForm.nameNeeded' },
  tooLong: { code: 'too_long', text: 'customerForm.tooLong' },
  noDay: { code: 'invalid_input', text: 'customerForm.noDay' },
} as const;

/** Returns a function for what is wrong with a field: the program's refusal, else a problem of its text. */
function useFieldError() {
  const { t } = useTranslation('common');
  const errorWords = useErrorWords();
  return (field: Field, text: string, isTouched: boolean, refusal: AppError | null) => {
    if (refusal) {
      const { title, advice } = errorWords(refusal);
      return (
        <span data-testid="error" data-code={refusal.code}>
          {title} {advice}
        </span>
      );
    }
    const problem = problemOf(field, text);
    if (!problem || (problem.kind !== 'tooLong' && !isTouched)) return null;
    return (
      <span data-testid="error" data-code={PROBLEMS[problem.kind].code}>
        {t(PROBLEMS[problem.kind].text, {
          max: problem.max,
          value: problem.count,
        })}
      </span>
    );
  };
}
