import { Button, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContextView } from '../../../backend';
import { formatNumber } from '../../../shared/format';
import { useWords } from '../../../shared/words';
import { useServiceWords } from '../words';
import { Section } from './parts';
import classes from './ServicePane.module.css';

/** A context's recent errors, newest first, with a search by words and a button that copies the shown errors. */
export function Problems({ context, asOf }: { context: ContextView; asOf: number }) {
  const { t } = useTranslation('services');
  const { nameOf } = useServiceWords();
  const { clockOrDay } = useWords();
  const clipboard = useClipboard({ timeout: 2_000 });
  const [searchText, setSearchText] = useState('');
  const { name, errors, retries, restarts, setAside, lastErrors } = context;
  const counts = { errors, retries, restarts, setAside };
  const kinds = (['errors', 'retries', 'restarts', 'setAside'] as const).filter((kind) => counts[kind] > 0);
  const words = searchText.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = lastErrors
    .filter(({ detail }) => words.every((word) => detail.toLowerCase().includes(word)))
    .reverse();
  const copy = () => {
    const lines = shown.map(({ at, detail }) => `${new Date(at).toISOString()} ${detail}`);
    clipboard.copy([nameOf(name), ...lines].join('\n'));
  };
  return (
    <Section title={t('problems.title')}>
      {kinds.length > 0 && (
        <p className={classes.counts}>
          {kinds.map((kind) => t(`problems.${kind}`, { value: formatNumber(counts[kind]) })).join(' · ')}
        </p>
      )}
      {setAside > 0 && <p className={classes.hint}>{t('problems.setAsideText')}</p>}
      {lastErrors.length === 0 && <p className={classes.hint}>{t('problems.none')}</p>}
      {lastErrors.length > 0 && (
        <div className={classes.problemsHead}>
          {lastErrors.length > 1 ? (
            <TextInput
              size="sm"
              value={searchText}
              maxLength={100}
              placeholder={t('problems.seek')}
              aria-label={t('problems.seek')}
              data-testid="problems-seek"
              onChange={(event) => setSearchText(event.currentTarget.value)}
            />
          ) : (
            <span />
          )}
          <Button
            size="sm"
            variant="default"
            disabled={shown.length === 0}
            leftSection={clipboard.copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
            data-testid="problems-copy"
            onClick={copy}
          >
            {t(clipboard.copied ? 'problems.copied' : 'problems.copy')}
          </Button>
        </div>
      )}
      {lastErrors.length > 0 && shown.length === 0 && (
        <p className={classes.hint}>{t('problems.noneSuch')}</p>
      )}
      <ul className={classes.problems}>
        {shown.map(({ at, detail }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same error can occur several times in one millisecond.
          <li key={`${at} ${index}`} data-testid="service-problem">
            <time>{clockOrDay(at, asOf)}</time>
            <span data-selectable>{detail}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
