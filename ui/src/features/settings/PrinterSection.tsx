import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Printer } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type PrinterPlace, type PrinterSetting, useBackend } from '../../backend';
import { ErrorNotice, HINT_BELOW } from '../../shared/parts';
import { PRINTER_KEY, usePrint, usePrinter } from '../../shared/printing/usePrinter';
import { WaitingSlips } from '../../shared/printing/WaitingSlips';
import { useUnsaved } from '../../shared/unsaved';
import { useAttempt } from '../../shared/useAttempt';
import { DoneNotice, LoadedSetting, SectionHead } from './Section';
import classes from './Settings.module.css';

const PLACES = ['none', 'network', 'usb'] as const;
const ROLLS = ['mm58', 'mm80'] as const;
const HANGUL = ['picture', 'cp949'] as const;
const USUAL_PATH = '/dev/usb/lp0';

/** This terminal's receipt printer, with a test print. */
export function PrinterSection() {
  const { t } = useTranslation('printing');
  const query = usePrinter();
  return (
    <>
      <SectionHead title={t('settings.title')}>{t('settings.hint')}</SectionHead>
      <LoadedSetting query={query}>
        {({ setting }) => <PrinterForm key={JSON.stringify(setting)} saved={setting} />}
      </LoadedSetting>
      <WaitingSlips />
    </>
  );
}

const isSame = (one: PrinterSetting, other: PrinterSetting) => JSON.stringify(one) === JSON.stringify(other);

function placeOf(type: PrinterPlace['type'], address: string, path: string): PrinterPlace {
  if (type === 'network') return { type, address: address.trim() };
  return type === 'usb' ? { type, path: path.trim() } : { type };
}

function PrinterForm({ saved }: { saved: PrinterSetting }) {
  const { t } = useTranslation('printing');
  const { t: settings } = useTranslation('settings');
  const backend = useBackend();
  const client = useQueryClient();
  const print = usePrint();
  const { place } = saved;
  const [type, setType] = useState(place.type);
  const [address, setAddress] = useState(place.type === 'network' ? place.address : '');
  const [path, setPath] = useState(place.type === 'usb' ? place.path : USUAL_PATH);
  const [roll, setRoll] = useState(saved.roll);
  const [hangul, setHangul] = useState(saved.hangul);
  const { error, isBusy, attempt } = useAttempt();
  const chosen: PrinterSetting = { place: placeOf(type, address, path), roll, hangul };
  const isChanged = !isSame(chosen, saved);
  useUnsaved(isChanged);
  const save = () =>
    void attempt(async () => {
      client.setQueryData(PRINTER_KEY, await backend.savePrinter(chosen));
    });
  const choice = <Name extends string>(
    name: 'place' | 'roll' | 'hangul',
    value: Name,
    names: readonly Name[],
    onChange: (value: Name) => void,
  ) => (
    <div className={classes.choice}>
      <span>{t(`settings.${name}`)}</span>
      <SegmentedControl
        aria-label={t(`settings.${name}`)}
        value={value}
        onChange={(next) => onChange(next as Name)}
        data={names.map((one) => ({
          value: one,
          label: (
            <span data-testid={`settings-printer-${one}`}>{t(`settings.${one}` as 'settings.none')}</span>
          ),
        }))}
      />
    </div>
  );
  return (
    <form
      className={classes.connection}
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged && !isBusy) save();
      }}
    >
      {choice('place', type, PLACES, setType)}
      {type === 'network' && (
        <TextInput
          label={t('settings.address')}
          description={t('settings.addressHint')}
          inputWrapperOrder={HINT_BELOW}
          autoComplete="off"
          spellCheck={false}
          value={address}
          data-testid="settings-printer-address"
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
      )}
      {type === 'usb' && (
        <TextInput
          label={t('settings.path')}
          description={t('settings.pathHint')}
          inputWrapperOrder={HINT_BELOW}
          autoComplete="off"
          spellCheck={false}
          value={path}
          data-testid="settings-printer-path"
          onChange={(event) => setPath(event.currentTarget.value)}
        />
      )}
      {type !== 'none' && (
        <>
          {choice('roll', roll, ROLLS, setRoll)}
          {choice('hangul', hangul, HANGUL, setHangul)}
          <p className={classes.quiet}>{t('settings.hangulHint')}</p>
        </>
      )}
      <div className={classes.actions}>
        <Button size="md" type="submit" disabled={!isChanged || isBusy} data-testid="settings-printer-save">
          {settings('save')}
        </Button>
        {place.type !== 'none' && (
          <Button
            size="md"
            variant="default"
            leftSection={<Printer size={16} strokeWidth={1.75} />}
            disabled={isChanged}
            data-testid="settings-printer-test"
            onClick={() => void print({ type: 'test' })}
          >
            {t('settings.test')}
          </Button>
        )}
      </div>
      {error && <ErrorNotice error={error} />}
      {!isChanged && place.type !== 'none' && <DoneNotice>{settings('saved')}</DoneNotice>}
    </form>
  );
}
