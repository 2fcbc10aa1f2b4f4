import { Button, Tooltip } from '@mantine/core';
import { ClipboardList, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccessLogStatus } from '../shared/data/access';
import { useNavigation } from '../shared/navigation';
import { Tag } from '../shared/parts';
import { useMayAct } from '../shared/roles';
import { useNow } from '../shared/time';
import { useWords } from '../shared/words';
import classes from './app.module.css';

/** Says in the top bar that the access log can't be written, to managers also that something else changed it. */
export function AccessLogTag() {
  const { t } = useTranslation('app');
  const { clockOrDay } = useWords();
  const now = useNow();
  const mayAct = useMayAct();
  const { data } = useAccessLogStatus();
  const problem = data?.problem ?? null;
  const isChanged = data?.changedAt != null && mayAct('manager');
  if (!problem && !isChanged) return null;
  const name = problem ? 'problem' : 'changed';
  const time = problem ? clockOrDay(problem.since, now) : '';
  return (
    <Tooltip label={t(`accessLog.${name}Hint`, { time })} multiline maw={280}>
      <span className={classes.logTag} data-testid={`access-log-${name}`}>
        <Tag tone={problem ? 'warn' : 'bad'}>
          <TriangleAlert size={14} aria-hidden />
          <span className={classes.logTagWords}>{t(`accessLog.${name}`)}</span>
        </Tag>
      </span>
    </Tooltip>
  );
}

/** Asks a manager once a month to look through the access log; put away until the next start. */
export function AccessLogBar() {
  const { t } = useTranslation('app');
  const mayAct = useMayAct();
  const { goToSection } = useNavigation();
  const { data } = useAccessLogStatus();
  const [isPutAway, setIsPutAway] = useState(false);
  if (!data?.confirmationDue || isPutAway || !mayAct('manager')) return null;
  return (
    <aside className={classes.dock}>
      <div className={classes.job} data-testid="access-log-due">
        <ClipboardList size={20} strokeWidth={1.75} aria-hidden />
        <span className={classes.jobText}>{t('accessLog.due')}</span>
        <Button size="xs" onClick={() => goToSection('accessLog')}>
          {t('accessLog.look')}
        </Button>
        <Button size="xs" variant="default" onClick={() => setIsPutAway(true)}>
          {t('accessLog.later')}
        </Button>
      </div>
    </aside>
  );
}
