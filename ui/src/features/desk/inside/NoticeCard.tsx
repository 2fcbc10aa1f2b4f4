import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Kbd } from '../../../shared/parts';
import type { Notice } from '../useNotices';
import classes from './inside.module.css';

interface Props {
  notice: Notice;
  onUndo: () => void;
  isUndoing: boolean;
}

/** A notice about the last entry recorded at this desk, with a button to undo the entry if that is possible. */
export function NoticeCard({ notice, onUndo, isUndoing }: Props) {
  const { t } = useTranslation('desk');
  return (
    <div className={classes.notice} role="status" data-testid="notice" data-kind={notice.kind}>
      <div className={classes.noticeText}>
        <strong className="one-line" title={notice.title} data-named>
          {notice.title}
        </strong>
        <span className={classes.noticeDetail}>{notice.detail}</span>
      </div>
      {notice.undo && (
        <UnstyledButton
          className={classes.undo}
          data-testid="notice-undo"
          disabled={isUndoing}
          onClick={onUndo}
        >
          {t(notice.kind === 'checkedOut' ? 'notice.undoCheckOut' : 'notice.undo')}
          <Kbd on="inverse">Ctrl Z</Kbd>
        </UnstyledButton>
      )}
    </div>
  );
}
