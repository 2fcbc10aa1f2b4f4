import { Button } from '@mantine/core';
import { Inbox } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useReview } from '../../shared/data/review';
import { formatNumber } from '../../shared/format';
import { useNavigation } from '../../shared/navigation';

/** How many cases of a customer wait, with the way to them. Nothing while there are none. */
export function OpenCases({ customerId }: { customerId: string }) {
  const { t } = useTranslation('customers');
  const { goToReview } = useNavigation();
  const { data } = useReview({ customerId });
  if (!data || data.cases.length === 0) return null;
  return (
    <Button
      size="md"
      variant="default"
      leftSection={<Inbox size={16} strokeWidth={1.75} />}
      data-testid="customer-cases"
      onClick={() => goToReview(customerId)}
    >
      {t(data.more ? 'detail.casesMore' : 'detail.cases', { value: formatNumber(data.cases.length) })}
    </Button>
  );
}
