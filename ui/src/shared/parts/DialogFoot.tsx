import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Kbd } from './Kbd';
import classes from './parts.module.css';

interface Props {
  onCancel: () => void;
  children: ReactNode;
  testid: string;
  disabled?: boolean;
  loading?: boolean;
  autoFocus?: boolean;
}

/** The dialog's buttons: Cancel, and the primary one, which Enter triggers. */
export function DialogFoot({ onCancel, children, testid, disabled, loading, autoFocus }: Props) {
  const { t } = useTranslation('common');
  return (
    <div className={classes.dialogFoot} data-dialog-foot>
      <Button
        variant="default"
        size="md"
        onClick={onCancel}
        rightSection={<Kbd>Esc</Kbd>}
        data-testid="dialog-cancel"
      >
        {t('cancel')}
      </Button>
      <Button
        type="submit"
        size="md"
        disabled={disabled ?? false}
        loading={loading ?? false}
        data-testid={testid}
        data-autofocus={autoFocus || undefined}
        rightSection={<Kbd {...(disabled ? {} : { on: 'accent' as const })}>Enter</Kbd>}
      >
        {children}
      </Button>
    </div>
  );
}
