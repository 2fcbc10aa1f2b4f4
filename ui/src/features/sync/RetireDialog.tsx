import { useTranslation } from 'react-i18next';
import type { TerminalView } from '../../backend';
import { Confirm } from '../../shared/parts';
import classes from './Sync.module.css';
import { useReturnFocus } from './useReturnFocus';

interface Props {
  terminal: TerminalView;
  isBusy: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Confirms that a terminal is retired, or that this is taken back, and says what it means. */
export function RetireDialog({ terminal, isBusy, onConfirm, onClose }: Props) {
  const { t } = useTranslation('sync');
  useReturnFocus();
  const { retired, hub } = terminal;
  const name = { terminal: terminal.name ?? t('terminals.unnamed') };
  const consequences = retired
    ? [t('retire.undoGives'), t('retire.undoReclaimed')]
    : [
        t('retire.gives'),
        t('retire.reclaims'),
        ...(hub ? [t('retire.hub')] : []),
        t('retire.goesOn'),
        t('retire.back'),
      ];
  return (
    <Confirm
      title={t(retired ? 'retire.undoTitle' : 'retire.title', name)}
      keep={t('reclaim.keep')}
      confirm={t(retired ? 'retire.undo' : 'retire.action')}
      isBusy={isBusy}
      testId="retire-confirm"
      onConfirm={() => !isBusy && onConfirm()}
      // Once the command was sent, closing would look as if nothing had been recorded.
      onClose={() => !isBusy && onClose()}
    >
      <ul className={classes.consequences} data-testid="retire-consequences">
        {consequences.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Confirm>
  );
}
