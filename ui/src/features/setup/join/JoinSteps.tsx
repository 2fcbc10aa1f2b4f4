import { Button, PasswordInput, TextInput } from '@mantine/core';
import { FileUp, Monitor } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../../../shared/composition';
import { ConnectionFields } from '../../../shared/connection/ConnectionFields';
import { Trial } from '../../../shared/connection/Trial';
import { Kbd } from '../../../shared/parts';
import classes from '../SetUp.module.css';
import { CodeSays, useNeeds } from './CodeSays';
import type { Join } from './useJoin';

const order: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

/** Enter alone; a scanner ends a code with one. */
const onEnter = (act: () => void) => (event: KeyboardEvent) => {
  if (event.key !== 'Enter' || event.ctrlKey || isComposing(event)) return;
  event.preventDefault();
  act();
};

export function CodeStep({ join }: { join: Join }) {
  const { t } = useTranslation('setup');
  return (
    <>
      <div className={classes.code}>
        <TextInput
          ref={join.place('code')}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          label={t('join.code')}
          description={t('join.codeHint')}
          inputWrapperOrder={order}
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
      {join.invitation && <CodeSays invitation={join.invitation} />}
      <p className={classes.where}>
        <Monitor size={16} strokeWidth={1.75} aria-hidden />
        {t('join.where')}
      </p>
    </>
  );
}

export function ConnectionStep({ join }: { join: Join }) {
  const { t } = useTranslation('connection');
  const { t: words } = useTranslation('setup');
  const { form, filled } = join;
  const needs = useNeeds();
  const missing = filled && needs(filled);
  const error = join.errorOf('servers');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the Enter of its fields, nothing else.
    <div
      className={classes.connection}
      onKeyDown={(event) => {
        if (event.target instanceof HTMLInputElement) onEnter(() => void form.tryIt())(event);
      }}
    >
      {filled && (
        <p className={classes.note} data-testid="join-filled">
          {missing ? words('join.filledNeeds', { needs: missing }) : words('join.filled')}
        </p>
      )}
      <ConnectionFields form={form} autoFocus serversRef={join.place('servers')} serversError={error} />
      <div>
        <Button
          size="md"
          variant="default"
          loading={form.isTrying}
          disabled={!form.hasServers}
          rightSection={<Kbd>Enter</Kbd>}
          data-testid="connection-try"
          onClick={() => void form.tryIt()}
        >
          {t('try')}
        </Button>
      </div>
      <Trial form={form} />
    </div>
  );
}

export function TerminalStep({ join }: { join: Join }) {
  const { t } = useTranslation('setup');
  const { texts } = join;
  return (
    <>
      <TextInput
        ref={join.place('terminalName')}
        autoFocus
        autoComplete="off"
        spellCheck={false}
        label={t('areas.terminal')}
        value={texts.terminalName}
        error={join.errorOf('terminalName')}
        data-testid="join-terminal"
        onChange={(event) => join.type('terminalName', event.currentTarget.value)}
        onKeyDown={onEnter(() => join.focus('managerName'))}
      />
      <TextInput
        ref={join.place('managerName')}
        autoComplete="off"
        spellCheck={false}
        label={t('staff.name')}
        value={texts.managerName}
        error={join.errorOf('managerName')}
        data-testid="join-manager"
        onChange={(event) => join.type('managerName', event.currentTarget.value)}
        onKeyDown={onEnter(() => join.focus('pin'))}
      />
      <div className={classes.pins}>
        <PasswordInput
          ref={join.place('pin')}
          autoComplete="off"
          label={t('staff.pin')}
          description={t('staff.pinHint')}
          inputWrapperOrder={order}
          inputMode="numeric"
          value={texts.pin}
          error={join.errorOf('pin')}
          data-testid="join-pin"
          onChange={(event) => join.type('pin', event.currentTarget.value)}
          onKeyDown={onEnter(() => join.focus('pinAgain'))}
        />
        <PasswordInput
          ref={join.place('pinAgain')}
          autoComplete="off"
          label={t('staff.pinAgain')}
          inputMode="numeric"
          value={texts.pinAgain}
          error={join.errorOf('pinAgain')}
          data-testid="join-pin-again"
          onChange={(event) => join.type('pinAgain', event.currentTarget.value)}
          onKeyDown={onEnter(join.next)}
        />
      </div>
      <p className={classes.note}>{t('join.note')}</p>
    </>
  );
}
