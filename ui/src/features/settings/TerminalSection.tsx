import { useTranslation } from 'react-i18next';
import { useSession } from '../../shared/session';
import { NameField } from './NameField';
import { SectionHead } from './Section';

/** The name of this terminal. */
export function TerminalSection() {
  const { t } = useTranslation('settings');
  const { terminal } = useSession();
  return (
    <>
      <SectionHead title={t('terminal.title')} />
      <NameField
        label={t('facility.terminal')}
        hint={t('facility.terminalHint')}
        value={terminal.name}
        command={(name) => ({ type: 'saveTerminal', name })}
        testId="settings-terminal-name"
      />
    </>
  );
}
