import { Button, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Copy, Eye, EyeOff, FileDown, FileUp, KeyRound, TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Pairing, useBackend } from '../../backend';
import { isComposing } from '../../shared/inputMethod';
import { isBlank } from '../../shared/limits';
import { ErrorNotice, HINT_BELOW, Kbd } from '../../shared/parts';
import { useSession } from '../../shared/session';
import { useUnsaved } from '../../shared/unsaved';
import { useAttempt } from '../../shared/useAttempt';
import { DoneNotice, SectionHead } from './Section';
import classes from './Settings.module.css';

/** Pairing codes: shows this facility's code, for another terminal, and accepts the code of another terminal. */
export function PairingSection() {
  const { t } = useTranslation('settings');
  const { staff } = useSession();
  // A code on the screen is hidden once it is an earlier key's.
  const [keys, setKeys] = useState(0);
  return (
    <>
      <SectionHead title={t('pairing.title')}>{t('pairing.hint')}</SectionHead>
      {staff.role === 'manager' ? (
        <>
          <OwnCode key={keys} />
          <OtherCode />
          <NewKey onMade={() => setKeys((made) => made + 1)} />
        </>
      ) : (
        <p className={classes.quiet}>{t('pairing.managerOnly')}</p>
      )}
    </>
  );
}

/** This facility's pairing code, hidden until a click, because it gives access to all customers' names. */
function OwnCode() {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const clipboard = useClipboard({ timeout: 2_000 });
  const { isBusy, error, attempt } = useAttempt();
  const [pairing, setPairing] = useState<Pairing | null>(null);
  const [path, setPath] = useState<string | null>(null);
  const show = () => attempt(async () => setPairing(await backend.pairing()));
  const save = () => attempt(async () => setPath(await backend.savePairing()));
  return (
    <div className={classes.connection}>
      <h3 className={classes.subhead}>{t('pairing.own')}</h3>
      <p className={classes.caution}>
        <TriangleAlert size={16} strokeWidth={1.75} aria-hidden />
        {t('pairing.warning')}
      </p>
      {pairing && (
        <>
          <p className={classes.code} data-selectable data-testid="pairing-code">
            {/* Each group in a span, so that lines break only between groups. */}
            {pairing.code.split(/(?<=-)/).map((group) => (
              <span key={group}>{group}</span>
            ))}
          </p>
          <p className={classes.quiet}>
            {t(pairing.codeWithConnection === null ? 'pairing.toType' : 'pairing.toPaste')}
          </p>
        </>
      )}
      <div className={classes.actions}>
        {pairing === null ? (
          <Button
            size="md"
            variant="default"
            loading={isBusy}
            leftSection={<Eye size={16} strokeWidth={1.75} />}
            data-testid="pairing-show"
            onClick={() => void show()}
          >
            {t('pairing.show')}
          </Button>
        ) : (
          <>
            <Button
              size="md"
              variant="default"
              leftSection={<Copy size={16} strokeWidth={1.75} />}
              data-testid="pairing-copy"
              onClick={() => clipboard.copy(pairing.codeWithConnection ?? pairing.code)}
            >
              {t(clipboard.copied ? 'about.copied' : 'about.copy')}
            </Button>
            <Button
              size="md"
              variant="default"
              leftSection={<EyeOff size={16} strokeWidth={1.75} />}
              data-testid="pairing-hide"
              onClick={() => setPairing(null)}
            >
              {t('pairing.hide')}
            </Button>
          </>
        )}
        <Button
          size="md"
          variant="default"
          disabled={isBusy}
          leftSection={<FileDown size={16} strokeWidth={1.75} />}
          data-testid="pairing-save"
          onClick={() => void save()}
        >
          {t('pairing.save')}
        </Button>
      </div>
      {error && <ErrorNotice error={error} />}
      {path !== null && <DoneNotice>{t('pairing.savedTo', { path })}</DoneNotice>}
    </div>
  );
}

function OtherCode() {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const { isBusy, error, attempt, clear } = useAttempt();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [isAccepted, setIsAccepted] = useState(false);
  useUnsaved(!isBlank(text));
  const open = () =>
    attempt(async () => {
      const read = await backend.openPairing();
      if (read === null) return;
      setText(read);
      field.current?.focus();
    });
  const accept = () =>
    attempt(async () => {
      if (isBlank(text)) return;
      await backend.acceptPairing(text);
      setText('');
      setIsAccepted(true);
    });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || isComposing(event)) return;
    event.preventDefault();
    void accept();
  };
  return (
    <div className={classes.connection}>
      <h3 className={classes.subhead}>{t('pairing.other')}</h3>
      <div className={classes.nameLine}>
        <TextInput
          ref={field}
          className={classes.nameField ?? ''}
          aria-label={t('pairing.code')}
          description={t('pairing.otherHint')}
          inputWrapperOrder={HINT_BELOW}
          autoComplete="off"
          spellCheck={false}
          value={text}
          data-testid="pairing-other"
          data-scan="raw"
          onChange={(event) => {
            setText(event.currentTarget.value);
            setIsAccepted(false);
            clear();
          }}
          onKeyDown={onKeyDown}
        />
        <Button
          size="md"
          variant="default"
          disabled={isBusy}
          leftSection={<FileUp size={16} strokeWidth={1.75} />}
          data-testid="pairing-open"
          onClick={() => void open()}
        >
          {t('pairing.open')}
        </Button>
        <Button
          size="md"
          loading={isBusy}
          disabled={isBlank(text)}
          rightSection={<Kbd {...(isBlank(text) ? {} : { on: 'accent' as const })}>Enter</Kbd>}
          data-testid="pairing-accept"
          onClick={() => void accept()}
        >
          {t('pairing.accept')}
        </Button>
      </div>
      {error && <ErrorNotice error={error} />}
      {isAccepted && <DoneNotice>{t('pairing.accepted')}</DoneNotice>}
    </div>
  );
}

/** Makes a new key after a theft or a loss. Asked for twice, because the other terminals must be given the new code. */
function NewKey({ onMade }: { onMade: () => void }) {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const { isBusy, error, attempt } = useAttempt();
  const [step, setStep] = useState<'closed' | 'asked' | 'done'>('closed');
  const renew = () =>
    attempt(async () => {
      await backend.renewKey();
      setStep('done');
      onMade();
    });
  return (
    <div className={classes.connection}>
      <h3 className={classes.subhead}>{t('pairing.newKey')}</h3>
      <p className={classes.quiet}>{t('pairing.newKeyHint')}</p>
      {step === 'asked' && (
        <p className={classes.caution}>
          <TriangleAlert size={16} strokeWidth={1.75} aria-hidden />
          {t('pairing.newKeyWarning')}
        </p>
      )}
      <div className={classes.actions}>
        <Button
          size="md"
          variant="default"
          loading={isBusy}
          leftSection={<KeyRound size={16} strokeWidth={1.75} />}
          data-testid="pairing-new-key"
          onClick={() => (step === 'asked' ? void renew() : setStep('asked'))}
        >
          {t(step === 'asked' ? 'pairing.newKeyConfirm' : 'pairing.newKeyAsk')}
        </Button>
      </div>
      {error && <ErrorNotice error={error} />}
      {step === 'done' && <DoneNotice>{t('pairing.newKeyDone')}</DoneNotice>}
    </div>
  );
}
