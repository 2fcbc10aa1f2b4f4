import { useTranslation } from 'react-i18next';
import type { DifferenceView } from '../../backend';
import { formatNumber } from '../../shared/format';

/** What another terminal holds otherwise, as far as it is known, and what to do about it. */
export function useDifferenceText() {
  const { t } = useTranslation('sync');

  const found = ({ customer }: DifferenceView, terminal: string) => {
    if (!customer) return t('band.digestCount');
    const { name, tag, here, there } = customer;
    return t(here === there ? 'band.digestOther' : 'band.digestMissing', {
      customer: name === null ? t('band.digestUnnamed', { tag }) : t('band.digestCustomer', { name, tag }),
      terminal,
      here: formatNumber(here),
      there: formatNumber(there),
    });
  };
  return (difference: DifferenceView | null, terminal: string): string => {
    if (!difference) return `${t('band.digestSearching')} ${t('band.digestTell')}`;
    const { customer, alteredHere, alteredThere } = difference;
    const altered = [
      ...(alteredHere ? [t('band.digestAlteredHere')] : []),
      ...(alteredThere ? [t('band.digestAlteredThere', { terminal })] : []),
    ];
    const toDo = altered.length > 0 ? altered : [t(customer ? 'band.digestDo' : 'band.digestTell')];
    return [found(difference, terminal), ...toDo].join(' ');
  };
}
