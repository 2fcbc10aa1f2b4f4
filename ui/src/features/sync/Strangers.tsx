import { useTranslation } from 'react-i18next';
import type { SyncView } from '../../backend';
import { formatNumber } from '../../shared/format';
import { useWords } from '../../shared/words';
import classes from './Sync.module.css';

/** How many keys are named; a prefix of an id is enough to tell them apart. */
const KEYS_SHOWN = 3;
const KEY_DIGITS = 8;

/** One line about messages that this facility's key doesn't authenticate. No alarm: facilities may share topics. */
export function Strangers({ view: { strangers, asOf } }: { view: SyncView }) {
  const { t } = useTranslation('sync');
  const { clockOrDay } = useWords();
  if (!strangers) return null;
  const { messages, keys, republished } = strangers;
  const shown = keys.slice(0, KEYS_SHOWN).map(({ keyId, messages, firstAt }) =>
    t(keyId ? 'strangersOfKey' : 'strangersWithoutKey', {
      key: keyId?.slice(0, KEY_DIGITS),
      value: formatNumber(messages),
      since: clockOrDay(firstAt, asOf),
    }),
  );
  const more = keys.length - shown.length;
  if (more > 0) shown.push(t('strangersOfMore', { value: formatNumber(more) }));
  return (
    <p className={classes.strangers} data-testid="sync-strangers">
      {t('strangers', { value: formatNumber(messages), keys: shown.join(' · ') })}
      {republished > 0 && ` ${t('strangersPushOut', { value: formatNumber(republished) })}`}
    </p>
  );
}
