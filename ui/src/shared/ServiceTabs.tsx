import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigation } from './navigation';

/** Switches between the service graph and the traces. */
export function ServiceTabs() {
  const { t } = useTranslation('traces');
  const { screen, go } = useNavigation();
  return (
    <SegmentedControl
      aria-label={t('tabs.label')}
      value={screen}
      onChange={(value) => go(value as 'services' | 'traces')}
      data={(['services', 'traces'] as const).map((value) => ({
        value,
        label: <span data-testid={`tab-${value}`}>{t(`tabs.${value}`)}</span>,
      }))}
    />
  );
}
