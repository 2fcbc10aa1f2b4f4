import { TextInput } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HINT_BELOW } from '../../shared/parts';
import { gapsOf, medianOf } from '../../shared/scan/runs';
import { isEnd, ReleasedLetters } from '../../shared/scan/strokes';
import classes from './Settings.module.css';

/** A rest that ends a trial without Enter. */
const REST_MS = 1_000;

export interface Measured {
  text: string;
  /** The median time between two letters. */
  gapMs: number;
}

/**
 * A field to try the scanner in: measures by the releases of its keys, which Hangul input doesn't hide. Nothing happens
 * with what is scanned here.
 */
export function ScannerTrial({ onMeasured }: { onMeasured: (measured: Measured) => void }) {
  const { t } = useTranslation('settings');
  const [text, setText] = useState('');
  const letters = useRef<{ at: number; letter: string }[]>([]);
  const released = useRef(new ReleasedLetters());
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(rest.current), []);

  const finish = () => {
    clearTimeout(rest.current);
    const tried = letters.current;
    letters.current = [];
    setText('');
    if (tried.length === 0) return;
    onMeasured({ text: tried.map(({ letter }) => letter).join(''), gapMs: medianOf(gapsOf(tried)) });
  };
  const onKeyUp = ({ nativeEvent }: KeyboardEvent) => {
    const letter = released.current.read(nativeEvent);
    if (letter === null) return;
    letters.current.push({ at: nativeEvent.timeStamp, letter });
    clearTimeout(rest.current);
    rest.current = setTimeout(finish, REST_MS);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isEnd(event.nativeEvent) || letters.current.length === 0) return;
    event.preventDefault();
    // The last letter may be released only after Enter is pressed.
    rest.current = setTimeout(finish, 0);
  };
  return (
    <TextInput
      className={classes.nameField ?? ''}
      label={t('scanner.try')}
      description={t('scanner.tryHint')}
      inputWrapperOrder={HINT_BELOW}
      autoComplete="off"
      spellCheck={false}
      value={text}
      data-scan="raw"
      data-search
      data-testid="settings-scanner-try"
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onKeyUp={onKeyUp}
    />
  );
}
