import { useTranslation } from 'react-i18next';
import type { DifferenceView } from '../../backend';
import { formatNumber } from '../../shared/format';

/** Returns a function that describes a difference between this terminal's facts and another's, with advice. */
export function useDifferenceText() {
  const { t } = useTranslation('sync');

  const describe = ({ customer }: DifferenceView, terminal: string) => {
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
    const advice = altered.length > 0 ? altered : [t(customer ? 'band.digestDo' : 'band.digestTell')];
    return [describe(difference, terminal), ...advice].join(' ');
  };
}
