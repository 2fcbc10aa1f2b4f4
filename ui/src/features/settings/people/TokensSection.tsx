import { Button, Checkbox, CopyButton, Modal, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type MadeToken, type Scope, type TokenView, useBackend } from '../../../backend';
import { TOKENS_KEY, useTokens } from '../../../shared/data/people';
import { isBlank } from '../../../shared/limits';
import { Confirm, ErrorNotice, Kbd, Tag } from '../../../shared/parts';
import { useNow } from '../../../shared/time';
import { useUnsaved } from '../../../shared/unsaved';
import { useAttempt } from '../../../shared/useAttempt';
import { useWords } from '../../../shared/words';
import { DoneNotice, LoadedSetting, SectionHead } from '../Section';
import classes from '../Settings.module.css';

const SCOPES: readonly Scope[] = ['enter', 'leave', 'pay', 'read', 'operate'];

/** The tokens with which machines record at this terminal: each has a name and may do only what it is for. */
export function TokensSection() {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const client = useQueryClient();
  const tokens = useTokens();
  const { isBusy, error, attempt, clear } = useAttempt();
  const [made, setMade] = useState<MadeToken | null>(null);
  const [asked, setAsked] = useState<{ token: TokenView; what: 'rotate' | 'revoke' } | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const reload = () => client.invalidateQueries({ queryKey: TOKENS_KEY });
  const nameOf = ({ tokenId, name }: TokenView) => (tokenId === 'owner' ? t('tokens.owner') : name);
  const show = async (done: MadeToken) => {
    await reload();
    if (done.secret === null) setSaid(t('tokens.ownerRotated'));
    else setMade(done);
  };
  const act = () =>
    attempt(async () => {
      if (!asked) return;
      const { token, what } = asked;
      setSaid(null);
      try {
        if (what === 'rotate') await show(await backend.rotateToken(token.tokenId));
        else {
          await backend.revokeToken(token.tokenId);
          await reload();
          setSaid(t('tokens.revokedNow', { name: nameOf(token) }));
        }
      } finally {
        setAsked(null);
      }
    });
  return (
    <>
      <SectionHead title={t('tokens.title')}>{t('tokens.hint')}</SectionHead>
      <LoadedSetting query={tokens}>
        {(all) => (
          <ul className={classes.rows} data-testid="settings-tokens">
            {all.map((token) => (
              <li key={token.tokenId} data-testid="settings-token" data-name={nameOf(token)}>
                <TokenRow
                  token={token}
                  name={nameOf(token)}
                  onAsk={(what) => {
                    clear();
                    setSaid(null);
                    setAsked({ token, what });
                  }}
                />
              </li>
            ))}
          </ul>
        )}
      </LoadedSetting>
      {error && <ErrorNotice error={error} />}
      <NewToken onMade={show} />
      <DoneNotice>{said}</DoneNotice>
      {asked && (
        <Confirm
          title={t(`tokens.${asked.what}Title`, { name: nameOf(asked.token) })}
          keep={t('tokens.keep')}
          confirm={t(`tokens.${asked.what}`)}
          isBusy={isBusy}
          isDangerous={asked.what === 'revoke'}
          testId={`settings-token-${asked.what}-confirm`}
          onConfirm={() => void act()}
          onClose={() => setAsked(null)}
        >
          <p>
            {t(
              asked.what === 'revoke'
                ? 'tokens.revokeExplain'
                : asked.token.tokenId === 'owner'
                  ? 'tokens.rotateOwnerExplain'
                  : 'tokens.rotateExplain',
            )}
          </p>
        </Confirm>
      )}
      {made?.secret && (
        <SecretDialog name={made.token.name} secret={made.secret} onClose={() => setMade(null)} />
      )}
    </>
  );
}

interface RowProps {
  token: TokenView;
  name: string;
  onAsk: (what: 'rotate' | 'revoke') => void;
}

function TokenRow({ token, name, onAsk }: RowProps) {
  const { t } = useTranslation('settings');
  const words = useWords();
  const now = useNow();
  const { scopes, lastUsedAt, earlierUntil, revokedAt, tokenId } = token;
  const isOwner = tokenId === 'owner';
  const facts = [
    lastUsedAt === null
      ? t('tokens.unused')
      : t('tokens.lastUsed', { time: words.clockOrDay(lastUsedAt, now) }),
    revokedAt !== null && t('tokens.revokedAt', { time: words.clockOrDay(revokedAt, now) }),
    revokedAt === null &&
      earlierUntil !== null &&
      earlierUntil > now &&
      t('tokens.earlier', { time: words.clockOrDay(earlierUntil, now) }),
  ].filter(Boolean);
  return (
    <div className={classes.person} data-retired={revokedAt !== null || undefined}>
      <span className={classes.tokenWords}>
        <span className={classes.personName}>
          <b className="one-line" title={name} data-named>
            {name}
          </b>
          {revokedAt !== null && <Tag>{t('tokens.isRevoked')}</Tag>}
        </span>
        <span className={classes.scopes}>
          {isOwner ? t('tokens.everything') : scopes.map((scope) => t(`scope.${scope}`)).join(' · ')}
        </span>
        <small>{facts.join(' · ')}</small>
      </span>
      {revokedAt === null && (
        <span className={classes.rowActions}>
          <Button
            size="xs"
            variant="default"
            data-testid="settings-token-rotate"
            onClick={() => onAsk('rotate')}
          >
            {t('tokens.rotate')}
          </Button>
          {!isOwner && (
            <Button
              size="xs"
              variant="default"
              data-testid="settings-token-revoke"
              onClick={() => onAsk('revoke')}
            >
              {t('tokens.revoke')}
            </Button>
          )}
        </span>
      )}
    </div>
  );
}

function NewToken({ onMade }: { onMade: (made: MadeToken) => Promise<void> }) {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const { isBusy, error, attempt, clear } = useAttempt();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>([]);
  useUnsaved(name !== '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isBlank(name) || scopes.length === 0) return;
    void attempt(async () => {
      const made = await backend.makeToken({ name, scopes });
      setName('');
      setScopes([]);
      await onMade(made);
    });
  };
  return (
    <form className={classes.form} noValidate onSubmit={submit}>
      <h3 className={classes.subhead}>{t('tokens.new')}</h3>
      <div className={classes.halfField}>
        <TextInput
          label={t('tokens.name')}
          placeholder={t('tokens.nameExample')}
          autoComplete="off"
          spellCheck={false}
          value={name}
          data-testid="settings-token-name"
          onChange={(event) => {
            setName(event.currentTarget.value);
            clear();
          }}
        />
      </div>
      <Checkbox.Group
        value={scopes}
        onChange={(chosen) => setScopes(chosen as Scope[])}
        label={t('tokens.may')}
      >
        <div className={classes.scopeChoices}>
          {SCOPES.map((scope) => (
            <Checkbox
              key={scope}
              value={scope}
              label={t(`scope.${scope}`)}
              description={t(`scopeHint.${scope}`)}
              data-testid={`settings-token-scope-${scope}`}
            />
          ))}
        </div>
      </Checkbox.Group>
      {error && <ErrorNotice error={error} />}
      <div className={classes.actions}>
        <Button
          size="md"
          variant="default"
          type="submit"
          loading={isBusy}
          disabled={isBlank(name) || scopes.length === 0}
          rightSection={<Kbd>Enter</Kbd>}
          data-testid="settings-token-make"
        >
          {t('tokens.make')}
        </Button>
      </div>
    </form>
  );
}

/** Shows a token's secret, this once. */
function SecretDialog({ name, secret, onClose }: { name: string; secret: string; onClose: () => void }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation('common');
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={false}
      size={560}
      title={t('tokens.secretTitle', { name })}
      data-testid="settings-token-secret-dialog"
    >
      <div className={classes.form}>
        <p className={classes.secret} data-selectable data-testid="settings-token-secret">
          {secret}
        </p>
        <p className={classes.caution}>
          <TriangleAlert size={16} strokeWidth={1.75} aria-hidden />
          <span>{t('tokens.secretOnce')}</span>
        </p>
        <div className={classes.dialogActions}>
          <CopyButton value={secret} timeout={2_000}>
            {({ copied, copy }) => (
              <Button size="md" data-autofocus data-testid="settings-token-copy" onClick={copy}>
                {t(copied ? 'tokens.copied' : 'tokens.copy')}
              </Button>
            )}
          </CopyButton>
          <Button size="md" variant="default" data-testid="settings-token-secret-close" onClick={onClose}>
            {common('close')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
