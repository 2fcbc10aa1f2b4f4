import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { GroundForm, Role, Takes } from '../../../backend';
import { groundName } from '../../../shared/openWords';
import { Names, Problem, RetireButton, Word } from './entries';
import { OptionalField, useDraft } from './fields';
import classes from './rules.module.css';

const NEW: GroundForm = {
  ground: '',
  takes: 'as_said',
  once: false,
  most: null,
  role: 'staff',
  ko: '',
  en: '',
  retired: false,
};
const ROLES: Role[] = ['staff', 'supervisor', 'manager'];
/** What these concede is never for the role staff to decide. */
const CONCESSIONS = new Set(['appeal', 'waiver']);
/** The grounds for which the screens have names. */
const NAMED = new Set(['education', 'service', ...CONCESSIONS]);
const TAKES: Takes[] = ['half', 'as_said'];

/** The grounds on which penalty points are deducted. */
export function Grounds() {
  const { t } = useTranslation('rules');
  const { t: common } = useTranslation('common');
  const { form, editor, change } = useDraft();
  const { grounds } = form;
  const published = new Set(editor.knownGrounds);
  const set = (index: number, part: Partial<GroundForm>) =>
    change({ grounds: grounds.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  return (
    <>
      <ul className={classes.entries}>
        {grounds.map((one, index) => {
          const path = `grounds.${index}`;
          const isPublished = published.has(one.ground);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a new ground has no other identity while it is typed
            <li key={index} className={classes.entry} data-testid="rules-ground" data-ground={one.ground}>
              <div className={classes.entryFields}>
                <Word
                  path={`${path}.ground`}
                  label={t('field.ground')}
                  word={one.ground}
                  published={isPublished ? groundName(common, one.ground) : null}
                  isRetired={one.retired}
                  onChange={(ground) => set(index, { ground })}
                />
                <NativeSelect
                  className={classes.choice ?? ''}
                  label={t('field.takes')}
                  value={one.takes}
                  data={TAKES.map((value) => ({ value, label: t(`takes.${value}`) }))}
                  data-testid={`rules-${path}.takes`}
                  onChange={(event) => set(index, { takes: event.currentTarget.value as Takes })}
                />
                <NativeSelect
                  className={classes.choice ?? ''}
                  label={t('field.role')}
                  value={one.role}
                  data={ROLES.filter((role) => role !== 'staff' || !CONCESSIONS.has(one.ground)).map(
                    (value) => ({
                      value,
                      label: common(`role.${value}`),
                    }),
                  )}
                  data-testid={`rules-${path}.role`}
                  onChange={(event) => set(index, { role: event.currentTarget.value as Role })}
                />
                <OptionalField
                  path={`${path}.most`}
                  label={t('field.most')}
                  unit="penalty"
                  value={one.most}
                  proposed="10"
                  offLabel={t('noLimit')}
                  onChange={(most) => set(index, { most })}
                />
                {!NAMED.has(one.ground) && (
                  <Names path={path} entry={one} onChange={(part) => set(index, part)} />
                )}
                <Checkbox
                  className={classes.once ?? ''}
                  label={t('field.once')}
                  checked={one.once}
                  data-testid={`rules-${path}.once`}
                  onChange={(event) => set(index, { once: event.currentTarget.checked })}
                />
                <RetireButton
                  path={path}
                  isPublished={isPublished}
                  isRetired={one.retired}
                  onRetire={() => set(index, { retired: !one.retired })}
                  onRemove={() => change({ grounds: grounds.filter((_, at) => at !== index) })}
                />
              </div>
            </li>
          );
        })}
      </ul>
      <Problem path="grounds" />
      <Button
        size="md"
        variant="default"
        className={classes.add ?? ''}
        data-testid="rules-add-ground"
        onClick={() => change({ grounds: [...grounds, NEW] })}
      >
        {t('addGround')}
      </Button>
    </>
  );
}
