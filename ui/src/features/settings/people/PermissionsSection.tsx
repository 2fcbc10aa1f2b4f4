import { Check, Minus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { PermissionRow, Role, Scope } from '../../../backend';
import { usePermissions } from '../../../shared/data/people';
import { mayAct } from '../../../shared/roles';
import { LoadedSetting, SectionHead } from '../Section';
import classes from '../Settings.module.css';
import { useActWords } from './actWords';

const ROLES: readonly Role[] = ['staff', 'supervisor', 'manager'];
const SCOPES: readonly Scope[] = ['enter', 'leave', 'pay', 'read', 'operate'];

/** The table of permissions: which role may do what, and a token with which scope; without what anybody may do. */
export function PermissionsSection() {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation('common');
  const permissions = usePermissions();
  const actWords = useActWords();
  const mark = (isAllowed: boolean) =>
    isAllowed ? (
      <Check size={16} strokeWidth={2} aria-label={t('permissions.may')} />
    ) : (
      <Minus size={14} strokeWidth={1.75} aria-label={t('permissions.mayNot')} />
    );
  const row = ({ act, role, scopes }: PermissionRow) => (
    <tr key={act} data-testid="permission" data-act={act}>
      <th scope="row">{actWords(act)}</th>
      {ROLES.map((one) => (
        <td key={one} data-may={role === null || mayAct(one, role) || undefined}>
          {mark(role === null || mayAct(one, role))}
        </td>
      ))}
      {SCOPES.map((scope) => (
        <td key={scope} data-may={scopes.includes(scope) || undefined} data-scope>
          {mark(scopes.includes(scope))}
        </td>
      ))}
    </tr>
  );
  return (
    <>
      <SectionHead title={t('permissions.title')}>{t('permissions.hint')}</SectionHead>
      <LoadedSetting query={permissions}>
        {(rows) => (
          <div className={classes.tableScroll}>
            <table className={classes.permissions} data-testid="settings-permissions">
              <thead>
                <tr>
                  <th scope="col">{t('permissions.act')}</th>
                  {ROLES.map((role) => (
                    <th key={role} scope="col">
                      {common(`role.${role}`)}
                    </th>
                  ))}
                  {SCOPES.map((scope) => (
                    <th key={scope} scope="col" data-scope>
                      {t(`scope.${scope}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>{rows.filter(({ role }) => role !== null).map(row)}</tbody>
            </table>
          </div>
        )}
      </LoadedSetting>
    </>
  );
}
