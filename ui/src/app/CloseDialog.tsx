import { Button, Modal, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useClosing } from '../shared/closing';
import { useTopEscape } from '../shared/hotkeys';
import classes from './app.module.css';

/** Asks whether the window may close while a job runs, settings aren't saved, or slips aren't printed. The button that stays has the focus. */
export function CloseDialog() {
  const { t } = useTranslation('app');
  const { asked, choose } = useClosing();
  useTopEscape('lock', () => choose('stay'), asked !== null);
  if (!asked) return null;
  const { job, unsaved, slips } = asked;
  const close = job ? 'now' : unsaved ? 'discard' : 'anyway';
  return (
    <Modal opened onClose={() => choose('stay')} size={560} title={t('closing.title')}>
      <Stack gap={24} data-testid="close-dialog" data-over-lock>
        <ul className={classes.closeReasons}>
          {job && (
            <li>
              <strong>{t(`job.${job}`)}</strong> {t(`closing.${job}`)}
            </li>
          )}
          {unsaved && <li>{t('closing.unsaved')}</li>}
          {slips > 0 && <li>{t('closing.slips', { value: slips })}</li>}
        </ul>
        <div className={classes.closeActions} data-dialog-foot>
          <Button
            size="md"
            variant="default"
            data-autofocus
            data-testid="close-stay"
            onClick={() => choose('stay')}
          >
            {t('closing.stay')}
          </Button>
          {job && (
            <Button
              size="md"
              variant="default"
              data-testid="close-when-done"
              onClick={() => choose('whenDone')}
            >
              {t('closing.whenDone')}
            </Button>
          )}
          <Button size="md" color="bad" data-testid="close-now" onClick={() => choose('now')}>
            {t(`closing.${close}`)}
          </Button>
        </div>
      </Stack>
    </Modal>
  );
}
