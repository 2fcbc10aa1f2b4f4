import { NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CustomerField } from '../../shared/customer/CustomerField';
import { useCustomerCard } from '../../shared/data/queries';
import { formatNumber } from '../../shared/format';
import { codeName, groundName } from '../../shared/openWords';
import { useSession } from '../../shared/session';
import { formatShortDate, useNow } from '../../shared/time';
import classes from './Late.module.css';
import { LINE_KINDS, type Line, type LineKind, type Missing } from './lines';

interface Props {
  line: Line;
  number: number;
  missing: Missing | null;
  onChange: (line: Line) => void;
}

/** The fields of a line, in the order in which Tab passes them. */
export function LineFields({ line, number, missing, onChange }: Props) {
  const { t } = useTranslation('late');
  const { t: common } = useTranslation('common');
  const { areas, rules } = useSession();
  const readOnly = line.done !== null;
  const set = (part: Partial<Line>) => onChange({ ...line, ...part });
  const problem = (field: Missing) => (missing === field ? t(`missing.${field}`) : null);
  const text = (field: 'date' | 'from' | 'to' | 'points', label: string, hint: string) => (
    <TextInput
      className={field === 'date' ? (classes.date ?? '') : (classes.short ?? '')}
      label={label}
      placeholder={hint}
      value={line[field]}
      error={problem(field)}
      readOnly={readOnly}
      autoComplete="off"
      data-testid={`late-${field}-${number}`}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
    />
  );
  const select = (
    field: 'areaId' | 'code' | 'ground',
    label: string,
    data: { value: string; label: string }[],
  ) => (
    <NativeSelect
      size="md"
      className={classes.choice ?? ''}
      label={label}
      value={line[field]}
      data={data}
      disabled={readOnly}
      data-testid={`late-${field}-${number}`}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
    />
  );
  const takesHalf = rules.grounds.some((one) => one.ground === line.ground && one.takes === 'half');
  return (
    <>
      <NativeSelect
        size="md"
        className={classes.kind ?? ''}
        label={t('kind')}
        value={line.kind}
        data={LINE_KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        disabled={readOnly}
        data-testid={`late-kind-${number}`}
        onChange={(event) => set({ kind: event.currentTarget.value as LineKind })}
      />
      <div className={classes.customer}>
        <CustomerField
          customerId={line.customerId}
          readOnly={readOnly}
          problem={problem('customer')}
          testid={`late-customer-${number}`}
          onChange={(customerId) => set({ customerId, penaltyId: '' })}
        />
      </div>
      {text('date', t('date'), '2026-11-20')}
      {text('from', t(line.kind === 'visit' ? 'from' : 'time'), '14:30')}
      {line.kind === 'visit' && text('to', t('to'), '14:45')}
      {line.kind === 'visit' &&
        select(
          'areaId',
          t('area'),
          areas.map(({ areaId, name }) => ({ value: areaId, label: name })),
        )}
      {line.kind === 'penalty' &&
        select(
          'code',
          t('code'),
          rules.codes.map(({ code }) => ({ value: code, label: codeName(common, code) })),
        )}
      {line.kind === 'penaltyDeduction' && (
        <>
          <PenaltyField line={line} number={number} problem={problem('penalty')} onChange={onChange} />
          {select(
            'ground',
            t('ground'),
            rules.grounds.map(({ ground }) => ({ value: ground, label: groundName(common, ground) })),
          )}
        </>
      )}
      {(line.kind === 'payment' || (line.kind === 'penaltyDeduction' && !takesHalf)) &&
        text('points', t(line.kind === 'payment' ? 'points' : 'penaltyPoints'), '')}
    </>
  );
}

/** Chooses one of the customer's penalties that has something outstanding. */
function PenaltyField({
  line,
  number,
  problem,
  onChange,
}: Omit<Props, 'missing'> & { problem: string | null }) {
  const { t } = useTranslation('late');
  const { t: common } = useTranslation('common');
  const now = useNow();
  const { data } = useCustomerCard(line.customerId);
  const penalties = data?.penalties ?? [];
  const nameOf = (code: string | null) => (code ? codeName(common, code) : common('factKind.penaltyImposed'));
  return (
    <NativeSelect
      size="md"
      className={classes.choice ?? ''}
      label={t('penalty')}
      value={line.penaltyId}
      error={problem}
      data={[
        { value: '', label: t(data && penalties.length === 0 ? 'noPenalty' : 'choosePenalty') },
        ...penalties.map((one) => ({
          value: one.penaltyId,
          label: `${formatShortDate(one.at, now)} ${nameOf(one.code)} · ${formatNumber(one.outstanding)}`,
        })),
      ]}
      disabled={line.done !== null}
      data-testid={`late-penalty-${number}`}
      onChange={(event) => onChange({ ...line, penaltyId: event.currentTarget.value })}
    />
  );
}
