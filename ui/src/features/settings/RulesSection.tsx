import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../shared/format';
import { codeName } from '../../shared/openWords';
import { PenaltyPoints, Points } from '../../shared/parts';
import { useMayAct } from '../../shared/roles';
import { useSession } from '../../shared/session';
import { Editor } from './rules/Editor';
import { useRulesEditor } from './rules/useRulesDraft';
import { LoadedSetting, SectionHead } from './Section';
import classes from './Settings.module.css';

/** The rules in force; managers edit them here. */
export function RulesSection() {
  const { t } = useTranslation('settings');
  const { t: rulesText } = useTranslation('rules');
  const isManager = useMayAct()('manager');
  const { rules } = useSession();
  return (
    <>
      <SectionHead title={t('rules.title')}>
        {rulesText('inForce', { generation: rules.generation })} ·{' '}
        {rulesText(isManager ? 'hint' : 'readOnly')}
      </SectionHead>
      {isManager ? <ManagersRules /> : <RulesInForce />}
    </>
  );
}

function ManagersRules() {
  const editor = useRulesEditor();
  return <LoadedSetting query={editor}>{(loaded) => <Editor initial={loaded} />}</LoadedSetting>;
}

function RulesInForce() {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation('common');
  const { rules } = useSession();
  return (
    <dl className={classes.facts} data-testid="settings-rules">
      <div>
        <dt>{t('rules.perVisit')}</dt>
        <dd>
          <Points value={rules.pointsPerVisit} />
        </dd>
      </div>
      {rules.codes.map(({ code, points }) => (
        <div key={code}>
          <dt>
            {t('rules.penalty')} · {codeName(common, code)}
          </dt>
          <dd>
            <PenaltyPoints value={points} />
          </dd>
        </div>
      ))}
      <div>
        <dt>
          {t('rules.warnAt')} <small>{t('rules.outstanding')}</small>
        </dt>
        <dd>
          <PenaltyPoints value={rules.warnAt} />
        </dd>
      </div>
      <div>
        <dt>
          {t('rules.prohibitAt')} <small>{t('rules.outstanding')}</small>
        </dt>
        <dd>
          <PenaltyPoints value={rules.prohibitAt} />
        </dd>
      </div>
      <div>
        <dt>{t('rules.voidWindow')}</dt>
        <dd>{t('rules.minutes', { value: formatNumber(rules.voidWindowMinutes) })}</dd>
      </div>
      <div>
        <dt>{t('rules.forgotten')}</dt>
        <dd>{t('rules.hours', { value: formatNumber(rules.forgottenAfterHours) })}</dd>
      </div>
    </dl>
  );
}
