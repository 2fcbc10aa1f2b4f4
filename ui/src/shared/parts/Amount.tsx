import { useTranslation } from 'react-i18next';
import { formatNumber, formatSigned } from '../format';

interface Props {
  value: number;
  signed?: boolean;
}

/** An amount of points, with a small unit. */
export function Points({ value, signed = false }: Props) {
  return (
    <>
      {signed ? formatSigned(value) : formatNumber(value)}
      <span className="unit unit-apart">P</span>
    </>
  );
}

/** An amount of penalty points. Their unit differs from that of points, with which customers pay. */
export function PenaltyPoints({ value, signed = false }: Props) {
  const { t } = useTranslation('common');
  return (
    <>
      {signed ? formatSigned(value) : formatNumber(value)}
      <span className="unit">{t('unitPenalty')}</span>
    </>
  );
}
