import { FocusTrap, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Kbd } from '../shared/parts';
import classes from './app.module.css';

const desk = [
  ['search', []],
  ['choose', ['↑', '↓']],
  ['primary', ['Enter']],
  ['clear', ['Esc']],
  ['checkIn', ['F2']],
  ['checkOut', ['F3']],
  ['pay', ['F4']],
  ['impose', ['F6']],
  ['deduct', ['F7']],
  ['mypage', ['F8']],
  ['why', ['F9']],
  ['new', ['Ctrl N']],
  ['walkIn', ['Ctrl Enter']],
  ['inside', ['Ctrl I']],
  ['undo', ['Ctrl Z']],
  ['redo', ['Ctrl Y']],
] as const;

const mypage = [
  ['why', ['F9']],
  ['travel', ['Ctrl T']],
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

export function KeysHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('app');
  return (
    <Modal opened={opened} onClose={onClose} title={t('keys.title')} size={640} data-testid="keys-help">
      <FocusTrap.InitialFocus />
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
                    {keys.length === 0 ? t('keys.searchKey') : keys.map((key) => <Kbd key={key}>{key}</Kbd>)}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
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
