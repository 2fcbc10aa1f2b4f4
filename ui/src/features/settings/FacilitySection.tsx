import { useTranslation } from 'react-i18next';
import { useSession } from '../../shared/session';
import { NameField } from './NameField';
import { SectionHead } from './Section';

export function FacilitySection() {
  const { t } = useTranslation('settings');
  const { facility, terminal } = useSession();
  return (
    <>
      <SectionHead title={t('facility.title')} />
      <NameField
        label={t('facility.name')}
        value={facility.name}
        command={(name) => ({ type: 'saveFacility', name })}
        testId="settings-facility-name"
      />
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
