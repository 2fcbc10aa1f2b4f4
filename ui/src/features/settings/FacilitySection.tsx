import { useTranslation } from 'react-i18next';
import { useSession } from '../../shared/session';
import { NameField } from './NameField';
import { SectionHead } from './Section';

/** The name of the facility. */
export function FacilitySection() {
  const { t } = useTranslation('settings');
  const { facility } = useSession();
  return (
    <>
      <SectionHead title={t('facility.title')} />
      <NameField
        label={t('facility.name')}
        value={facility.name}
        command={(name) => ({ type: 'saveFacility', name })}
        testId="settings-facility-name"
      />
    </>
  );
}
