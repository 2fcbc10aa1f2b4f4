import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isDay } from '../../../shared/customer/profile';

interface Props {
  label: string;
  value: string;
  testid: string;
  onChange: (day: string) => void;
}

/** A day as `2026-11-20`, or nothing; passes on only what is a day. */
export function DayField({ label, value, testid, onChange }: Props) {
  const { t } = useTranslation('settings');
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const isWrong = text !== '' && !isDay(text);
  return (
    <TextInput
      label={label}
      placeholder={t('filter.day')}
      inputMode="numeric"
      autoComplete="off"
      value={text}
      error={isWrong}
      title={isWrong ? t('filter.noDay') : ''}
      data-testid={testid}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        setText(typed);
        if (typed === '' || isDay(typed)) onChange(typed);
      }}
    />
  );
}
