import { Button, FocusTrap, Modal } from '@mantine/core';
import { BookOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useHotkeys } from '../shared/hotkeys';
import { ActKbd } from '../shared/keys/ActKbd';
import { KEY_ACTS } from '../shared/keys/bindings';
import { Kbd } from '../shared/parts';
import { useSession } from '../shared/session';
import classes from './app.module.css';
import { keyOfPlace, placesFor } from './places';

const desk = [
  ['search', []],
  ['choose', ['↑', '↓']],
  ['primary', ['Enter']],
  ['clear', ['Esc']],
  ...KEY_ACTS.map((act) => [act, act] as const),
] as const;

const mypage = [
  ['why', 'why'],
  ['export', ['Ctrl E']],
  ['otherCustomer', ['Ctrl F']],
  ['travel', ['Ctrl T']],
  ['facing', ['Ctrl B']],
] as const;

const services = [
  ['chooseService', ['↑', '↓', '←', '→']],
  ['showService', ['Enter']],
  ['openTrace', ['↑', '↓', 'Enter']],
] as const;

const everywhere = [
  ['palette', ['Ctrl K']],
  ['zoom', ['Ctrl +', 'Ctrl -', 'Ctrl 0']],
  ['help', ['F1']],
  ['lock', ['Ctrl L']],
] as const;

const lockKeys = [
  ['person', ['1–9', '↑', '↓', 'Enter']],
  ['evacuation', ['F10']],
] as const;

/** What a scan does, by where it comes. */
const scans = [
  'scanDesk',
  'scanCustomers',
  'scanMypage',
  'scanElsewhere',
  'scanDialog',
  'scanField',
  'scanUnknown',
  'scanAgain',
  'scanLock',
] as const;

interface Props {
  opened: boolean;
  onClose: () => void;
  /** Opens the guide instead. */
  onGuide: () => void;
}

/** The keys that are in force, and what a scan does. F1 again opens the guide. */
export function KeysHelp({ opened, onClose, onGuide }: Props) {
  const { t } = useTranslation('app');
  const { role } = useSession().staff;
  return (
    <Modal opened={opened} onClose={onClose} title={t('keys.title')} size={640} data-testid="keys-help">
      <FocusTrap.InitialFocus />
      <GuideKey onGuide={onGuide} />
      <div className={classes.keysGroups}>
        {(
          [
            ['desk', desk],
            ['mypageKeys', mypage],
            ['services', services],
            ['everywhere', everywhere],
            ['lockKeys', lockKeys],
          ] as const
        ).map(([group, lines]) => (
          <section key={group}>
            <h3 className={classes.keysGroup}>{t(`keys.${group}`)}</h3>
            <dl className={classes.keysList}>
              {lines.map(([what, keys]) => (
                <div key={what} className={classes.keysLine}>
                  <dt>{t(`keys.${what}`)}</dt>
                  <dd>
                    {typeof keys === 'string' ? (
                      <ActKbd act={keys} />
                    ) : keys.length === 0 ? (
                      t('keys.searchKey')
                    ) : (
                      keys.map((key) => <Kbd key={key}>{key}</Kbd>)
                    )}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section data-testid="keys-places">
          <h3 className={classes.keysGroup}>{t('keys.places')}</h3>
          <dl className={classes.keysList}>
            {placesFor(role).map(({ place }, position) => (
              <div key={place} className={classes.keysLine}>
                <dt>{t(`place.${place}`)}</dt>
                <dd>
                  <Kbd>{keyOfPlace(position)}</Kbd>
                </dd>
              </div>
            ))}
            <div className={classes.keysLine}>
              <dt>{t('keys.tabs')}</dt>
              <dd>
                <Kbd>Ctrl Tab</Kbd>
                <Kbd>Ctrl Shift Tab</Kbd>
              </dd>
            </div>
          </dl>
        </section>
        <section data-testid="keys-scans">
          <h3 className={classes.keysGroup}>{t('keys.scans')}</h3>
          <dl>
            {scans.map((where) => (
              <div key={where} className={classes.scansLine}>
                <dt>{t(`keys.${where}`)}</dt>
                <dd>{t(`keys.${where}Does`)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Modal>
  );
}

/** Leads to the guide, by a button and by F1, while the keys are shown. */
function GuideKey({ onGuide }: { onGuide: () => void }) {
  const { t } = useTranslation('app');
  useHotkeys({ F1: ({ repeat }) => repeat || onGuide() }, { inDialog: true });
  return (
    <Button
      variant="default"
      className={classes.guideKey ?? ''}
      leftSection={<BookOpen size={16} strokeWidth={1.75} />}
      rightSection={<Kbd>F1</Kbd>}
      data-testid="open-guide"
      onClick={onGuide}
    >
      {t('guide.open')}
    </Button>
  );
}
