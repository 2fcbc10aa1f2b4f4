import { Button, Modal } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import type { QuarantineRow } from '../../backend';
import { formatBytes, formatNumber } from '../../shared/format';
import { useLanguage } from '../../shared/preferences';
import { formatMoment } from '../../shared/time';
import classes from './Sync.module.css';

/** The program sends at most this many characters of a message's value. */
const VALUE_CHARACTERS_MAX = 4_000;

/** A quarantined message as it was read, selectable and with a copy button, to be sent to support. */
export function RawDialog({ row, onClose }: { row: QuarantineRow; onClose: () => void }) {
  const { t } = useTranslation('sync');
  const language = useLanguage();
  const clipboard = useClipboard({ timeout: 2_000 });
  const facts: [string, string][] = [
    [t('quarantine.topic'), row.topic],
    [t('quarantine.partition'), String(row.partition)],
    [t('quarantine.offset'), formatNumber(row.offset)],
    [t('quarantine.when'), formatMoment(row.at, language)],
    [t('quarantine.size'), formatBytes(row.size)],
    [t('quarantine.why'), t(`quarantine.reason.${row.reason}`, { size: formatBytes(row.size) })],
    [t('quarantine.detail'), row.detail],
    [t('quarantine.key'), row.key ?? t('quarantine.noKey')],
  ];
  const all = [
    ...facts.map(([name, value]) => `${name}: ${value}`),
    ...row.headers.map(([name, value]) => `${name}: ${value}`),
    '',
    row.raw,
  ].join('\n');
  return (
    <Modal opened onClose={onClose} size={760} title={t('quarantine.rawTitle')} data-testid="raw-dialog">
      <div className={classes.raw} data-selectable>
        <dl className={classes.rawFacts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <h3>{t('quarantine.headers')}</h3>
        {row.headers.length === 0 ? (
          <p className={classes.nothing}>{t('quarantine.noHeaders')}</p>
        ) : (
          <dl className={classes.rawFacts}>
            {row.headers.map(([name, value]) => (
              <div key={`${name} ${value}`}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        <h3>
          {t('quarantine.value')}
          {row.raw.length >= VALUE_CHARACTERS_MAX && <small>{t('quarantine.cut')}</small>}
        </h3>
        {row.raw === '' ? (
          <p className={classes.nothing}>{t('quarantine.emptyValue')}</p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: makes a long value scrollable by keys.
          <pre className={classes.rawValue} tabIndex={0} data-testid="raw-value">
            {row.raw}
          </pre>
        )}
      </div>
      <div className={classes.rawFoot}>
        <Button size="md" variant="default" data-autofocus onClick={() => clipboard.copy(all)}>
          {t(clipboard.copied ? 'quarantine.copied' : 'quarantine.copy')}
        </Button>
      </div>
    </Modal>
  );
}
