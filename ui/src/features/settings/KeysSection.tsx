import { Button, Textarea } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nameOfKey } from '../../shared/hotkeys';
import { isComposing } from '../../shared/inputMethod';
import {
  DEFAULTS,
  fromJson,
  KEY_ACTS,
  type KeyAct,
  problemOf,
  saveBindings,
  toJson,
  useBindings,
} from '../../shared/keys/bindings';
import { Kbd } from '../../shared/parts';
import { DoneNotice, SectionHead } from './Section';
import classes from './Settings.module.css';

const MODIFIERS = new Set(['Control', 'Shift', 'Alt', 'Meta']);

/** Takes the next key before anything else sees it, while an act waits for its new key. */
function useNextKey(isWaiting: boolean, take: (key: string | null) => void): void {
  useEffect(() => {
    if (!isWaiting) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (MODIFIERS.has(event.key) || isComposing(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      take(event.key === 'Escape' ? null : nameOfKey(event));
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [isWaiting, take]);
}

/** The keys that can be changed, kept on this terminal. */
export function KeysSection() {
  const { t } = useTranslation('settings');
  const { t: app } = useTranslation('app');
  const bindings = useBindings();
  const [waiting, setWaiting] = useState<KeyAct | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const say = (text: string | null, wrong: string | null = null) => {
    setSaid(text);
    setProblem(wrong);
  };
  const take = (key: string | null) => {
    const act = waiting;
    setWaiting(null);
    if (act === null || key === null) return;
    const found = problemOf(key, act, bindings);
    if (found?.problem === 'unsuitable') return say(null, t('keys.unsuitable', { key }));
    if (found) return say(null, t(`keys.${found.problem}`, { key, by: app(`keys.${found.by}`) }));
    saveBindings({ ...bindings, [act]: key });
    say(t('keys.saved', { act: app(`keys.${act}`), key }));
  };
  useNextKey(waiting !== null, take);
  const isChanged = KEY_ACTS.some((act) => bindings[act] !== DEFAULTS[act]);
  return (
    <>
      <SectionHead title={t('keys.title')}>{t('keys.hint')}</SectionHead>
      <dl className={classes.keys}>
        {KEY_ACTS.map((act) => (
          <div key={act} data-testid={`settings-key-${act}`}>
            <dt>{app(`keys.${act}`)}</dt>
            <dd>
              {waiting === act ? <span role="status">{t('keys.press')}</span> : <Kbd>{bindings[act]}</Kbd>}
            </dd>
            <dd>
              <Button
                size="xs"
                variant="default"
                aria-label={t('keys.changeOf', { act: app(`keys.${act}`) })}
                data-testid={`settings-key-change-${act}`}
                onClick={() => {
                  say(null);
                  setWaiting(act);
                }}
              >
                {t('keys.change')}
              </Button>
            </dd>
          </div>
        ))}
      </dl>
      {problem && (
        <p className={classes.problem} role="alert" data-testid="settings-keys-problem">
          {problem}
        </p>
      )}
      <DoneNotice>{said}</DoneNotice>
      <Exchange
        isChanged={isChanged}
        onReset={() => {
          saveBindings(DEFAULTS);
          say(t('keys.resetDone'));
        }}
        onAdopted={() => say(t('keys.adopted'))}
        onUnknown={(part) => say(null, t('keys.unknown', { part }))}
      />
    </>
  );
}

interface ExchangeProps {
  isChanged: boolean;
  onReset: () => void;
  onAdopted: () => void;
  onUnknown: (part: string) => void;
}

/** Takes the keys to another terminal, or back to what they were at first. */
function Exchange({ isChanged, onReset, onAdopted, onUnknown }: ExchangeProps) {
  const { t } = useTranslation('settings');
  const bindings = useBindings();
  const clipboard = useClipboard({ timeout: 2_000 });
  const [text, setText] = useState('');
  const adopt = () => {
    const read = fromJson(text);
    if ('unknown' in read) return onUnknown(read.unknown);
    saveBindings(read.bindings);
    setText('');
    onAdopted();
  };
  return (
    <>
      <div className={classes.actions}>
        <Button size="md" variant="default" onClick={() => clipboard.copy(toJson(bindings))}>
          {t(clipboard.copied ? 'keys.copied' : 'keys.copy')}
        </Button>
        <Button
          size="md"
          variant="default"
          disabled={!isChanged}
          data-testid="settings-keys-reset"
          onClick={onReset}
        >
          {t('keys.reset')}
        </Button>
      </div>
      <Textarea
        label={t('keys.paste')}
        value={text}
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        data-testid="settings-keys-paste"
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={classes.actions}>
        <Button
          size="md"
          variant="default"
          disabled={text.trim() === ''}
          data-testid="settings-keys-adopt"
          onClick={adopt}
        >
          {t('keys.adopt')}
        </Button>
      </div>
    </>
  );
}
