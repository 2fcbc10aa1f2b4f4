import { TextInput } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HINT_BELOW } from '../../shared/parts';
import { isEnd } from '../../shared/scan/strokes';
import classes from './Settings.module.css';
import { type Measured, TRIAL_REST_MS, Trial } from './trial';

/** A field to try the scanner in. Nothing happens with what is scanned here. */
export function ScannerTrial({ onMeasured }: { onMeasured: (measured: Measured) => void }) {
  const { t } = useTranslation('settings');
  const [text, setText] = useState('');
  const trial = useRef(new Trial());
  const rest = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(rest.current), []);

  const measureAfter = (ms: number) => {
    clearTimeout(rest.current);
    rest.current = setTimeout(() => {
      setText('');
      onMeasured(trial.current.measure());
    }, ms);
  };
  const onKeyUp = ({ nativeEvent }: KeyboardEvent) => {
    if (trial.current.release(nativeEvent)) measureAfter(TRIAL_REST_MS);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isEnd(event.nativeEvent) || !trial.current.end(event.nativeEvent)) return;
    event.preventDefault();
    measureAfter(0);
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
