import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../../shared/data/useAction';
import { formatNumber } from '../../../shared/format';
import { Confirm, ErrorNotice } from '../../../shared/parts';
import { useNow } from '../../../shared/time';
import { useWords } from '../../../shared/words';
import { useChangeWords } from './changeWords';
import { useDraft } from './fields';
import { usePublishedBy } from './History';
import classes from './rules.module.css';

/** What a manager must know before editing: a draft, a conflict, fields of a newer program, present standings. */
export function Notices() {
  const { t } = useTranslation('rules');
  const words = useWords();
  const now = useNow();
  const { editor, discard } = useDraft();
  const [isDiscarding, setIsDiscarding] = useState(false);
  const changeWords = useChangeWords();
  const publishedBy = usePublishedBy();
  const { draft, rivals, inForce } = editor;
  const nameOf = (field: string) => changeWords({ field, before: null, after: null }).name;
  return (
    <>
      {draft && (
        <div className={classes.notice} data-testid="rules-draft">
          <div>
            <b>{t('draft.title')}</b>
            <p>{t('draft.saved', { time: words.clockOrDay(draft.savedAt, now) })}</p>
            {draft.outdated && <p className={classes.caution}>{t('draft.outdated')}</p>}
          </div>
          <Button
            size="xs"
            variant="default"
            data-testid="rules-discard"
            onClick={() => setIsDiscarding(true)}
          >
            {t('draft.discard')}
          </Button>
        </div>
      )}
      {rivals.length > 0 && (
        <div className={classes.notice} data-tone="warn" role="alert" data-testid="rules-conflict">
          <div>
            <b>{t('conflictTitle')}</b>
            <p>
              {t('conflictText', {
                generation: inForce.generation,
                reason: inForce.publication?.reason ?? t('history.first'),
              })}
            </p>
            {rivals.map((rival) => (
              <p key={rival.id}>
                {rival.publication?.reason} · {publishedBy(rival)}
              </p>
            ))}
          </div>
        </div>
      )}
      {inForce.needsUpdate.length > 0 && (
        <div className={classes.notice} data-tone="warn" data-testid="rules-needs-update">
          <div>
            <b>{t('needsUpdateTitle')}</b>
            <p>{t('needsUpdateText', { fields: inForce.needsUpdate.map(nameOf).join(', ') })}</p>
          </div>
        </div>
      )}
      <Revision />
      {isDiscarding && (
        <Confirm
          title={t('draft.discardTitle')}
          keep={t('draft.keep')}
          confirm={t('draft.discard')}
          testId="rules-discard-confirm"
          onConfirm={() => void discard().then(() => setIsDiscarding(false))}
          onClose={() => setIsDiscarding(false)}
        >
          <p>{t('draft.discardText')}</p>
        </Confirm>
      )}
    </>
  );
}

/** How far the levels have been brought to present standings. Any manager may start it again, at any terminal. */
function Revision() {
  const { t } = useTranslation('rules');
  const { editor } = useDraft();
  const { run, isPending, error } = useAction();
  const [isStarted, setIsStarted] = useState(false);
  const { revision } = editor;
  if (!revision) return null;
  const { generation, revised, here, complete } = revision;
  const key = here ? (complete ? 'complete' : 'running') : 'elsewhere';
  const again = async () => setIsStarted((await run({ type: 'reviseLevels' })) !== null);
  return (
    <div className={classes.notice} data-testid="rules-revision">
      <div>
        <p>{t(`revision.${key}`, { generation, value: formatNumber(revised) })}</p>
        {isStarted && <p role="status">{t('revision.started')}</p>}
        {error && <ErrorNotice error={error} />}
      </div>
      <Button
        size="xs"
        variant="default"
        loading={isPending}
        data-testid="rules-revise"
        onClick={() => void again()}
      >
        {t('revision.again')}
      </Button>
    </div>
  );
}
