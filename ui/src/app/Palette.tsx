import { Modal, TextInput, UnstyledButton } from '@mantine/core';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Preferences } from '../backend';
import { isComposing } from '../shared/inputMethod';
import { useNavigation } from '../shared/navigation';
import { mayAct } from '../shared/roles';
import { useSessionState } from '../shared/session';
import classes from './app.module.css';
import { screensFor } from './screens';

interface Props {
  opened: boolean;
  onClose: () => void;
  onKeys: () => void;
}

interface PaletteCommand {
  id: string;
  label: string;
  run: () => void;
}

/** The command palette: finds commands and screens by a part of their name. */
export function Palette({ opened, onClose, onKeys }: Props) {
  const { t } = useTranslation('app');
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={560}
      yOffset={96}
      aria-label={t('palette.label')}
      classNames={{ body: classes.paletteBody ?? '' }}
      data-testid="palette"
    >
      <PaletteList onClose={onClose} onKeys={onKeys} />
    </Modal>
  );
}

function useCommands(onKeys: () => void): PaletteCommand[] {
  const { t } = useTranslation('app');
  const { go, goToSettings } = useNavigation();
  const { session, savePreferences, lock } = useSessionState();
  const isManager = mayAct(session.staff.role, 'manager');
  const prefer = (change: Partial<Preferences>) => () =>
    void savePreferences({ ...session.preferences, ...change }).catch(() => {});
  return [
    ...screensFor(session.staff.role).map((screen) => ({
      id: screen,
      label: t('palette.goTo', { screen: t(`rail.${screen}`) }),
      run: () => go(screen),
    })),
    { id: 'lock', label: t('palette.lock'), run: lock },
    ...(isManager
      ? [{ id: 'connection', label: t('palette.connection'), run: () => goToSettings('connection') }]
      : []),
    { id: 'light', label: t('palette.lightTheme'), run: prefer({ theme: 'light' }) },
    { id: 'dark', label: t('palette.darkTheme'), run: prefer({ theme: 'dark' }) },
    { id: 'auto', label: t('palette.autoTheme'), run: prefer({ theme: 'auto' }) },
    { id: 'ko', label: t('palette.korean'), run: prefer({ language: 'ko' }) },
    { id: 'en', label: t('palette.english'), run: prefer({ language: 'en' }) },
    { id: 'keys', label: t('palette.keys'), run: onKeys },
  ];
}

function PaletteList({ onClose, onKeys }: Omit<Props, 'opened'>) {
  const { t } = useTranslation('app');
  const [text, setText] = useState('');
  const [index, setIndex] = useState(0);
  const wanted = text.trim().toLowerCase();
  const found = useCommands(onKeys).filter(({ label }) => label.toLowerCase().includes(wanted));
  const chosen = Math.min(index, found.length - 1);

  const run = (command: PaletteCommand | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'ArrowDown') setIndex(Math.min(chosen + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setIndex(Math.max(chosen - 1, 0));
    else if (event.key === 'Enter') run(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        data-autofocus
        data-testid="palette-search"
        data-search
        size="lg"
        variant="unstyled"
        className={classes.paletteSearch}
        leftSection={<Search size={18} strokeWidth={1.75} />}
        placeholder={t('palette.label')}
        aria-label={t('palette.label')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className={classes.paletteList}>
        {found.map((command, position) => (
          <UnstyledButton
            key={command.id}
            className={classes.paletteItem}
            data-active={position === chosen || undefined}
            data-testid="palette-item"
            onMouseMove={() => setIndex(position)}
            onClick={() => run(command)}
          >
            {command.label}
          </UnstyledButton>
        ))}
        {found.length === 0 && <p className={classes.paletteEmpty}>{t('palette.empty')}</p>}
      </div>
    </>
  );
}
