import { Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccessReason } from '../../backend';
import { DialogFoot } from '../parts';

const REASONS: readonly AccessReason[] = [
  'customer_request',
  'audit',
  'accounting',
  'moving',
  'incident',
  'other',
];

export type ExportChoice = { masked: true } | { reason: AccessReason };

interface Props {
  /** Whether the export may go without names. */
  canMask: boolean;
  onChoose: (choice: ExportChoice) => void;
  onClose: () => void;
}

/** Asks why an export shows names; the reason is kept in the access log. */
export function ReasonDialog({ canMask, onChoose, onClose }: Props) {
  const { t } = useTranslation('common');
  const [value, setValue] = useState<AccessReason | 'masked' | ''>(canMask ? 'masked' : '');
  const choose = () => {
    if (value === 'masked') onChoose({ masked: true });
    else if (value !== '') onChoose({ reason: value });
  };
  return (
    <Modal opened onClose={onClose} size={480} title={t('exportReason.title')} data-testid="export-reason">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          choose();
        }}
        onKeyDown={(event) => {
          // A radio takes Enter for itself.
          if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
          event.preventDefault();
          if (!event.repeat) choose();
        }}
      >
        <Stack gap={16}>
          <p>{t('exportReason.text')}</p>
          <Radio.Group
            aria-label={t('exportReason.title')}
            value={value}
            onChange={(chosen) => setValue(chosen as AccessReason | 'masked')}
          >
            <Stack gap={8}>
              {canMask && (
                <Radio
                  value="masked"
                  label={t('exportReason.masked')}
                  data-autofocus
                  data-testid="export-reason-masked"
                />
              )}
              {REASONS.map((reason, index) => (
                <Radio
                  key={reason}
                  value={reason}
                  label={t(`accessReason.${reason}`)}
                  {...(!canMask && index === 0 ? { 'data-autofocus': true } : {})}
                  data-testid={`export-reason-${reason}`}
                />
              ))}
            </Stack>
          </Radio.Group>
          <DialogFoot onCancel={onClose} testid="export-reason-submit" disabled={value === ''}>
            {t('exportReason.submit')}
          </DialogFoot>
        </Stack>
      </form>
    </Modal>
  );
}
