import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, asAppError, type GatewaySetting, type GatewayView, useBackend } from '../../backend';
import { ErrorNotice } from '../../shared/parts';
import { useSession } from '../../shared/session';
import { useUnsaved } from '../../shared/unsaved';
import { DoneNotice, SectionHead } from './Section';
import classes from './Settings.module.css';

const KEY = ['gateway'] as const;

/** Parses a port of 1024 or above; null for any other text. */
function portOf(text: string): number | null {
  const port = /^\d{4,5}$/.test(text.trim()) ? Number(text) : 0;
  return port >= 1_024 && port <= 65_535 ? port : null;
}

/** Turns the REST gateway for other programs on this computer on or off. */
export function GatewaySection() {
  const { t } = useTranslation('settings');
  const { staff } = useSession();
  const backend = useBackend();
  const { data } = useQuery({ queryKey: KEY, queryFn: () => backend.gateway() });
  return (
    <>
      <SectionHead title={t('gateway.title')}>{t('gateway.hint')}</SectionHead>
      {staff.role !== 'manager' && <p className={classes.quiet}>{t('gateway.managerOnly')}</p>}
      {staff.role === 'manager' && data && <GatewayForm view={data} />}
    </>
  );
}

function GatewayForm({ view }: { view: GatewayView }) {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const client = useQueryClient();
  const [text, setText] = useState(String(view.setting.port));
  const [error, setError] = useState<AppError | null>(null);
  const port = portOf(text);
  useUnsaved(text.trim() !== String(view.setting.port));
  const save = async (setting: GatewaySetting) => {
    setError(null);
    try {
      client.setQueryData(KEY, await backend.saveGateway(setting));
    } catch (thrown) {
      setError(asAppError(thrown));
    }
  };
  const { enabled } = view.setting;
  const refused = error ?? view.problem;
  return (
    <>
      <div className={classes.choice}>
        <span>{t('gateway.serve')}</span>
        <SegmentedControl
          aria-label={t('gateway.serve')}
          value={enabled ? 'on' : 'off'}
          onChange={(value) => port !== null && void save({ enabled: value === 'on', port })}
          data={(['on', 'off'] as const).map((value) => ({
            value,
            label: <span data-testid={`settings-gateway-${value}`}>{t(`gateway.${value}`)}</span>,
          }))}
        />
      </div>
      <form
        className={classes.connection}
        onSubmit={(event) => {
          event.preventDefault();
          if (port !== null) void save({ enabled, port });
        }}
      >
        <TextInput
          label={t('gateway.port')}
          inputMode="numeric"
          value={text}
          error={port === null ? t('gateway.portWhole') : null}
          data-testid="settings-gateway-port"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className={classes.actions}>
          <Button
            size="md"
            variant="default"
            type="submit"
            disabled={port === null || port === view.setting.port}
            data-testid="settings-gateway-save"
          >
            {t('save')}
          </Button>
        </div>
      </form>
      {refused && <ErrorNotice error={refused} />}
      {!refused && view.address === null && <p className={classes.quiet}>{t('gateway.silent')}</p>}
      {!refused && view.address !== null && (
        <>
          <DoneNotice>{t('gateway.answers', { address: view.address })}</DoneNotice>
          <p className={classes.quiet}>{t('gateway.token')}</p>
          <p className={classes.quiet} data-selectable data-testid="settings-gateway-token">
            {view.tokenFile}
          </p>
        </>
      )}
    </>
  );
}
