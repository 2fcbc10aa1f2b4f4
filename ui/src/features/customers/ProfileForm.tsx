import { Button, TextInput } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, type Command, type CustomerCard, useBackend } from '../../backend';
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
} from '../../shared/customer/profile';
import { newRecording, type Recording, useRecord } from '../../shared/data/queries';
import { useErrorWords } from '../../shared/errors';
import { useHotkeys } from '../../shared/hotkeys';
import { isComposing } from '../../shared/inputMethod';
import { ErrorNotice, Kbd } from '../../shared/parts';
import classes from './Customers.module.css';
import { EditConflict } from './EditConflict';

interface ProfileFormProps {
  /** The customer to edit; absent for a new customer. */
  card?: CustomerCard;
  initial?: Partial<ProfileTexts>;
  onSaved: (customerId: string) => void;
  onCancel: () => void;
  onOther: (customerId: string) => void;
}

/** Registers or edits a customer. Enter moves to the next field, so that a scan can't submit an incomplete form. */
export function ProfileForm({ card, initial, onSaved, onCancel, onOther }: ProfileFormProps) {
  const { t } = useTranslation('customers');
  const backend = useBackend();
  const errorWords = useErrorWords();
  const record = useRecord();
  const inputs = useRef<Partial<Record<Field, HTMLInputElement | null>>>({});
  const [texts, setTexts] = useState<ProfileTexts>(() => ({
    ...(card ? textsOf(card) : emptyProfile),
    ...initial,
  }));
  // The version of the customer that the edit is based on. If the user keeps their own changes after a conflict, the
  // edit is based on the other user's version.
  const [base, setBase] = useState(card);
  const [theirs, setTheirs] = useState<CustomerCard | null>(null);
  const [refusal, setRefusal] = useState<AppError | null>(null);
  const [touched, setTouched] = useState<ReadonlySet<Field>>(new Set());
  const [message, setMessage] = useState<string | null>(null);
  const last = useRef<Recording | null>(null);

  const errorOf = (field: Field): string | null => {
    if (refusal && fieldOf(refusal) === field) {
      const words = errorWords(refusal);
      return `${words.title} ${words.advice}`;
    }
    const problem = problemOf(field, texts[field]);
    if (!problem || (problem.kind === 'needed' && !touched.has(field))) return null;
    return t(problem.kind === 'needed' ? 'form.nameNeeded' : 'form.tooLong', {
      max: problem.max,
      value: problem.count,
    });
  };

  const save = async (from: CustomerCard | undefined = base) => {
    if (record.isPending) return;
    setTouched(new Set(FIELDS));
    setMessage(null);
    const wrong = FIELDS.find((field) => problemOf(field, texts[field]));
    if (wrong) return inputs.current[wrong]?.focus();
    if (from && isSame(texts, textsOf(from))) return setMessage(t('form.unchanged'));
    setRefusal(null);
    const profile = toInput(texts);
    const command: Command = from
      ? { type: 'reviseCustomer', customerId: from.customer.customerId, baseRevision: from.revision, profile }
      : { type: 'registerCustomer', profile };
    // A retry of the same command reuses its idempotency key, so that it is recorded once.
    const isRetry = last.current && JSON.stringify(last.current.command) === JSON.stringify(command);
    const recording = isRetry && last.current ? last.current : newRecording(command);
    last.current = recording;
    try {
      const outcome = await record.mutateAsync(recording);
      if (outcome.type === 'customerSaved') onSaved(outcome.customerId);
    } catch (thrown) {
      const error = thrown as AppError;
      setRefusal(error);
      if (error.code === 'revised_meanwhile' && from) {
        setTheirs(await backend.customerCard(from.customer.customerId).catch(() => null));
      }
      const field = fieldOf(error);
      if (field) inputs.current[field]?.select();
    }
  };
  useHotkeys({ 'Ctrl Enter': () => void save(), Escape: onCancel });

  const onKeyDown = (field: Field) => (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.ctrlKey || isComposing(event)) return;
    event.preventDefault();
    const next = FIELDS[FIELDS.indexOf(field) + 1];
    if (next) inputs.current[next]?.focus();
    else void save();
  };
  const input = (field: Field) => (
    <TextInput
      ref={(element) => {
        inputs.current[field] = element;
      }}
      label={t(`form.${field}`)}
      description={field === 'card' ? t('form.cardHint') : null}
      autoFocus={field === 'name'}
      required={field === 'name'}
      withAsterisk={false}
      autoComplete="off"
      spellCheck={false}
      inputMode={field === 'phone' ? 'tel' : 'text'}
      value={texts[field]}
      error={errorOf(field)}
      data-testid={`customer-${field}`}
      data-scan={field === 'card' ? 'card' : undefined}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setTexts((now) => ({ ...now, [field]: value }));
        setRefusal((now) => (now && fieldOf(now) === field ? null : now));
      }}
      onBlur={() => texts[field] !== '' && setTouched((now) => new Set(now).add(field))}
      onKeyDown={onKeyDown(field)}
    />
  );
  const title = card ? (card.customer.name === null ? 'form.nameTitle' : 'form.editTitle') : 'form.newTitle';
  const taken = refusal?.code === 'card_taken' ? refusal.params : null;
  return (
    <div className={classes.detail} data-testid="customer-form">
      <h2 className={classes.formTitle}>{t(title)}</h2>
      {theirs ? (
        <EditConflict
          mine={texts}
          theirs={textsOf(theirs)}
          isSaving={record.isPending}
          onMine={() => {
            setBase(theirs);
            setTheirs(null);
            void save(theirs);
          }}
          onTheirs={onCancel}
        />
      ) : (
        <>
          {FIELDS.map((field) => (
            <div key={field}>{input(field)}</div>
          ))}
          {/^\s|\s$/u.test(texts.name) && !errorOf('name') && (
            <p className={classes.note}>{t('form.spaces')}</p>
          )}
          {taken && typeof taken.customerId === 'string' && (
            <Button variant="default" onClick={() => onOther(String(taken.customerId))}>
              {t('form.openOther', { name: String(taken.name ?? '') })}
            </Button>
          )}
          {refusal && fieldOf(refusal) === null && <ErrorNotice error={refusal} />}
          {message && (
            <p className={classes.note} role="status">
              {message}
            </p>
          )}
          <div className={classes.actions}>
            <Button
              size="md"
              loading={record.isPending}
              rightSection={<Kbd on="accent">Ctrl Enter</Kbd>}
              data-testid="customer-save"
              onClick={() => void save()}
            >
              {t(card ? 'form.save' : 'form.register')}
            </Button>
            <Button
              size="md"
              variant="default"
              rightSection={<Kbd>Esc</Kbd>}
              data-testid="customer-cancel"
              onClick={onCancel}
            >
              {t('form.cancel')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
