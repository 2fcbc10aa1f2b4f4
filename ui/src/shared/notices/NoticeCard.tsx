import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ActKbd } from '../keys/ActKbd';
import classes from './notices.module.css';
import type { Notice } from './useNotices';

interface Props {
  notice: Notice;
  /** Takes the step that the notice offers. */
  onStep: () => void;
  isBusy: boolean;
}

/** A notice, for a place with the role `status`, about the last entry recorded at this desk, with a button to undo it, or to do again what was undone. */
export function NoticeCard({ notice, onStep, isBusy }: Props) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const label = () => {
    if (notice.step?.direction === 'redo') return common('undo.redo');
    return notice.kind === 'checkedOut' ? t('notice.undoCheckOut') : common('undo.undo');
  };
  return (
    <div className={classes.notice} data-testid="notice" data-kind={notice.kind}>
      <div className={classes.noticeText}>
        <strong className="one-line" title={notice.title} data-named>
          {notice.title}
        </strong>
        <span className={classes.noticeDetail}>{notice.detail}</span>
      </div>
      {notice.step && (
        <UnstyledButton
          className={classes.undo}
          data-testid={`notice-${notice.step.direction}`}
          disabled={isBusy}
          onClick={onStep}
        >
          {label()}
          <ActKbd act={notice.step.direction} on="inverse" />
        </UnstyledButton>
      )}
    </div>
  );
}
