import { SegmentedControl, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type UpdateSetting, type UpdatesView, type UpdateTrial, useBackend } from '../../backend';
import { ErrorNotice } from '../../shared/parts';
import { useSession } from '../../shared/session';
import { useUnsaved } from '../../shared/unsaved';
import { useAttempt } from '../../shared/useAttempt';
import { FoundUpdate } from './FoundUpdate';
import { DoneNotice, LoadedSetting, SectionHead } from './Section';
import classes from './Settings.module.css';
import { TryAndSaveForm } from './TryAndSaveForm';
import { UPDATES_KEY } from './updatesKey';

const TEXT_MAX = 500;

/** Where this terminal looks for newer versions of the program, and the one that it has found. */
export function UpdatesSection() {
  const { t } = useTranslation('settings');
  const { staff } = useSession();
  const backend = useBackend();
  const mayNot = staff.role !== 'manager';
  const query = useQuery({
    queryKey: UPDATES_KEY,
    queryFn: () => backend.updates(),
    enabled: !mayNot,
  });
  return (
    <>
      <SectionHead title={t('updates.title')}>{t('updates.hint')}</SectionHead>
      {mayNot && <p className={classes.quiet}>{t('updates.managerOnly')}</p>}
      {!mayNot && (
        <LoadedSetting query={query}>
          {(view) =>
            view.unavailable ? (
              <p className={classes.quiet} data-testid="updates-unavailable">
                {t(`updates.unavailable.${view.unavailable}`)}
              </p>
            ) : (
              <>
                <FoundUpdate view={view} />
                <UpdatesForm view={view} />
              </>
            )
          }
        </LoadedSetting>
      )}
    </>
  );
}

function UpdatesForm({ view }: { view: UpdatesView }) {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const client = useQueryClient();
  const [setting, setSetting] = useState<UpdateSetting>(view.setting);
  const [trial, setTrial] = useState<UpdateTrial | null>(null);
  const [isSaved, setIsSaved] = useState(false);
  const trying = useAttempt();
  const saving = useAttempt();
  const { enabled, address, key } = setting;
  const isChanged =
    enabled !== view.setting.enabled ||
    address.trim() !== view.setting.address ||
    key.trim() !== view.setting.key;
  const isWhole = address.trim() !== '' && key.trim() !== '';
  const canSave = isChanged && (!enabled || isWhole);
  useUnsaved(isChanged);
  const typed = () => ({ enabled, address: address.trim(), key: key.trim() });
  const forget = () => {
    for (const attempt of [trying, saving]) attempt.clear();
    setTrial(null);
    setIsSaved(false);
  };
  const edit = (change: Partial<UpdateSetting>) => {
    setSetting((now) => ({ ...now, ...change }));
    forget();
  };
  const onTry = () =>
    trying.attempt(async () => {
      forget();
      setTrial(await backend.tryUpdates(typed()));
    });
  const onSave = () => {
    if (!canSave) return;
    void saving.attempt(async () => {
      const saved = await backend.saveUpdates(typed());
      client.setQueryData(UPDATES_KEY, saved);
      setSetting(saved.setting);
      setIsSaved(true);
    });
  };
  return (
    <TryAndSaveForm
      testId="updates"
      fields={
        <>
          <div className={classes.choice}>
            <span>
              {t('updates.look')}
              <small>{t('updates.lookHint')}</small>
            </span>
            <SegmentedControl
              aria-label={t('updates.look')}
              value={enabled ? 'on' : 'off'}
              onChange={(value) => edit({ enabled: value === 'on' })}
              data={(['on', 'off'] as const).map((value) => ({
                value,
                label: <span data-testid={`updates-${value}`}>{t(`updates.${value}`)}</span>,
              }))}
            />
          </div>
          {enabled && (
            <>
              <TextInput
                label={t('updates.address')}
                description={t('updates.addressHint')}
                placeholder="https://example.com/nosmoke-desk/latest.json"
                autoComplete="off"
                spellCheck={false}
                inputMode="url"
                maxLength={TEXT_MAX}
                value={address}
                data-testid="updates-address"
                onChange={(event) => edit({ address: event.currentTarget.value })}
              />
              <TextInput
                label={t('updates.key')}
                description={t('updates.keyHint')}
                autoComplete="off"
                spellCheck={false}
                maxLength={TEXT_MAX}
                value={key}
                data-testid="updates-key"
                onChange={(event) => edit({ key: event.currentTarget.value })}
              />
            </>
          )}
        </>
      }
      trial={enabled ? { isTrying: trying.isBusy, isDisabled: !isWhole } : null}
      hasActions={enabled || isChanged}
      canSave={canSave}
      saveLabel={t('save')}
      saving={saving}
      message={isSaved ? t(enabled ? 'updates.savedOn' : 'updates.savedOff') : null}
      onTry={onTry}
      onSave={onSave}
      onEdit={forget}
    >
      {trying.error && <ErrorNotice error={trying.error} />}
      <DoneNotice>
        {trial && t(trial.isNewer ? 'updates.offersNewer' : 'updates.offersNone', { version: trial.version })}
      </DoneNotice>
    </TryAndSaveForm>
  );
}
