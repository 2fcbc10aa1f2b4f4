import { Button, TextInput } from '@mantine/core';
import { FileUp, Monitor } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ConnectionFields } from '../../../shared/connection/ConnectionFields';
import { ConnectionTrialResult, TryButton } from '../../../shared/connection/TrialResult';
import { onEnter } from '../../../shared/inputMethod';
import { HINT_BELOW } from '../../../shared/parts';
import classes from '../SetUp.module.css';
import { InvitationSummary, useMissingCredentials } from './InvitationSummary';
import type { Join } from './useJoin';

export function CodeStep({ join }: { join: Join }) {
  const { t } = useTranslation('setup');
  return (
    <>
      <div className={classes.code}>
        <TextInput
          ref={join.register('code')}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          label={t('join.code')}
          description={t('join.codeHint')}
          inputWrapperOrder={HINT_BELOW}
          value={join.texts.code}
          error={join.errorOf('code')}
          data-testid="join-code"
          onChange={(event) => join.type('code', event.currentTarget.value)}
          onKeyDown={onEnter(join.next)}
        />
        <Button
          size="md"
          variant="default"
          leftSection={<FileUp size={16} strokeWidth={1.75} />}
          data-testid="join-open"
          onClick={() => void join.openFile()}
        >
          {t('join.open')}
        </Button>
      </div>
      {join.invitation && <InvitationSummary invitation={join.invitation} />}
      <p className={classes.where}>
        <Monitor size={16} strokeWidth={1.75} aria-hidden />
        {t('join.where')}
      </p>
    </>
  );
}

export function ConnectionStep({ join }: { join: Join }) {
  const { t } = useTranslation('setup');
  const { form, filled } = join;
  const needs = useMissingCredentials();
  const missing = filled && needs(filled);
  const error = join.errorOf('servers');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the handler only handles Enter in its fields.
    <div
      className={classes.connection}
      onKeyDown={(event) => {
        if (event.target instanceof HTMLInputElement) onEnter(() => void form.tryIt())(event);
      }}
    >
      {filled && (
        <p className={classes.note} data-testid="join-filled">
          {missing ? t('join.filledNeeds', { needs: missing }) : t('join.filled')}
        </p>
      )}
      <ConnectionFields form={form} autoFocus serversRef={join.register('servers')} serversError={error} />
      <div>
        <TryButton
          isTrying={form.trial.isTrying}
          isDisabled={!form.hasServers}
          testId="connection-try"
          onTry={form.tryIt}
        />
      </div>
      <ConnectionTrialResult form={form} />
    </div>
  );
}

export function TerminalStep({ join }: { join: Join }) {
  const { t } = useTranslation('setup');
  const { texts } = join;
  return (
    <>
      <TextInput
        ref={join.register('terminalName')}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        label={t('areas.terminal')}
        value={texts.terminalName}
        error={join.errorOf('terminalName')}
        data-testid="join-terminal"
        onChange={(event) => join.type('terminalName', event.currentTarget.value)}
        onKeyDown={onEnter(join.next)}
      />
      <p className={classes.note}>{t('join.staff')}</p>
      <p className={classes.note}>{t('join.note')}</p>
    </>
  );
}
