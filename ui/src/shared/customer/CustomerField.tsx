import { TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCombobox } from '../combobox';
import { useCustomerCard, useCustomerSearch } from '../data/queries';
import { phoneEnding } from '../format';
import { isComposing } from '../inputMethod';
import { CustomerNameText } from '../parts';
import { useTakeHolders } from '../scan';
import { useWords } from '../words';
import classes from './customerField.module.css';

const HITS_SHOWN = 6;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Props {
  customerId: string | null;
  readOnly: boolean;
  problem: string | null;
  testid: string;
  autoFocus?: boolean;
  /** In a row of fields that have no labels above them. */
  bare?: boolean;
  /** What is said when nobody is found. */
  none?: string;
  onChange: (customerId: string | null) => void;
}

/**
 * Finds a customer by name, phone, card or id. Enter takes the marked one, Tab the only one, and a scan the card's holder.
 */
export function CustomerField(props: Props) {
  const { customerId, readOnly, problem, testid, autoFocus, bare = false, none, onChange } = props;
  const { t } = useTranslation('common');
  const words = useWords();
  const [text, setText] = useState<string | null>(null);
  const [index, setIndex] = useState(0);
  const [isFocused, setFocused] = useState(false);
  const card = useCustomerCard(customerId);
  const { data, isPlaceholderData } = useCustomerSearch(text ?? '', HITS_SHOWN);
  const typed = text?.trim().toLowerCase() ?? '';
  const byId = useCustomerCard(ID.test(typed) ? typed : null);
  const isTyping = isFocused && text !== null && text !== '';
  // Until the answer is there, the hits are those of an earlier text.
  const isOpen = isTyping && data !== undefined && !isPlaceholderData;
  const hits = !isOpen ? [] : byId.data ? [byId.data] : data.hits;
  const chosen = Math.min(index, hits.length - 1);
  const combobox = useCombobox(t('customerField.label'), hits.length, chosen);

  const take = (id: string) => {
    onChange(id);
    setText(null);
    setIndex(0);
  };
  useTakeHolders(isFocused && !readOnly, take);
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (isTyping && !isOpen && event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
    }
    if (!isOpen) return;
    const marked = hits[chosen]?.customer.customerId;
    const only = hits.length === 1 ? marked : undefined;
    if (event.key === 'Tab') {
      if (only) take(only);
      return;
    }
    if (event.key === 'ArrowDown') setIndex(Math.min(chosen + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') setIndex(Math.max(chosen - 1, 0));
    else if (event.key === 'Escape') setText(null);
    else if (event.key === 'Enter' && marked) take(marked);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const name = card.data ? words.nameOf(card.data.customer) : '';
  return (
    <div className={classes.field}>
      <TextInput
        {...(bare
          ? { 'aria-label': t('customerField.label'), size: 'md' }
          : { label: t('customerField.label') })}
        {...combobox.field}
        value={text ?? name}
        error={problem}
        readOnly={readOnly}
        autoComplete="off"
        spellCheck={false}
        placeholder={t('customerField.hint')}
        data-testid={testid}
        data-autofocus={autoFocus || undefined}
        data-chosen={customerId ?? undefined}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setIndex(0);
          if (customerId !== null) onChange(null);
        }}
        onKeyDown={onKeyDown}
      />
      {isOpen && hits.length === 0 && (
        <p className={`${classes.hits} ${classes.noHit}`} role="status">
          {none ?? t('customerField.none')}
        </p>
      )}
      {hits.length > 0 && (
        <div {...combobox.list} className={classes.hits}>
          {hits.map((hit, position) => (
            <div
              key={hit.customer.customerId}
              {...combobox.option(position, { onClick: () => take(hit.customer.customerId) })}
              className={classes.hit}
              data-testid="customer-hit"
            >
              <CustomerNameText customer={hit.customer} />
              <span>{phoneEnding(hit.phone)}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
