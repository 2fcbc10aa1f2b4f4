import { useTranslation } from 'react-i18next';
import { useNavigation } from '../shared/navigation';
import { Confirm } from '../shared/parts';

/** Asks before leaving a screen with settings that aren't saved. The button that stays has the focus. */
export function LeaveDialog() {
  const { t } = useTranslation('app');
  const { isAsking, answer } = useNavigation();
  if (!isAsking) return null;
  return (
    <Confirm
      title={t('leaving.title')}
      keep={t('leaving.stay')}
      confirm={t('leaving.discard')}
      isDangerous
      testId="leave-discard"
      onConfirm={() => answer(true)}
      onClose={() => answer(false)}
    >
      <p data-testid="leave-dialog">{t('leaving.text')}</p>
    </Confirm>
  );
}
