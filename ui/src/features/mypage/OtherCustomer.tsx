import { Button } from '@mantine/core';
import { UserRoundSearch } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Kbd } from '../../shared/parts';

/** Leads to the choice of another customer; the screens that show it have the key Ctrl F. */
export function OtherCustomer({ testId, onClick }: { testId: string; onClick: () => void }) {
  const { t } = useTranslation('mypage');
  return (
    <Button
      variant="default"
      leftSection={<UserRoundSearch size={16} strokeWidth={1.75} />}
      rightSection={<Kbd>Ctrl F</Kbd>}
      data-testid={testId}
      onClick={onClick}
    >
      {t('pick.change')}
    </Button>
  );
}
