import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type RuleSetView, useBackend } from '../../../backend';
import { ErrorNotice, Tag } from '../../../shared/parts';
import { useNow } from '../../../shared/time';
import { useWords } from '../../../shared/words';
import { Changes } from './Changes';
import classes from './rules.module.css';
import { RULE_SETS_KEY } from './useRulesDraft';

const TONES = { inForce: 'ok', earlier: 'plain', beaten: 'warn' } as const;

/** Who published a set, where and when. */
export function usePublishedBy(): (set: RuleSetView) => string {
  const { t } = useTranslation('rules');
  const words = useWords();
  const now = useNow();
  return ({ publication }) =>
    publication === null
      ? t('history.first')
      : t('history.by', {
          by: publication.by ?? t('history.unknown'),
          terminal: publication.terminalName ?? t('history.unknown'),
          time: words.dayOrRecent(publication.at, now),
        });
}

/** All sets, the newest first: who published each, when, why, and what it changed. */
export function History() {
  const { t } = useTranslation('rules');
  const backend = useBackend();
  const publishedBy = usePublishedBy();
  const pages = useInfiniteQuery({
    queryKey: RULE_SETS_KEY,
    queryFn: ({ pageParam }) => backend.ruleSets(pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 0,
  });
  const sets = pages.data?.pages.flatMap((page) => page.sets) ?? [];
  return (
    <div className={classes.pane}>
      <h3>{t('history.title')}</h3>
      {pages.error && <ErrorNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      <ol className={classes.history} data-testid="rules-history">
        {sets.map((set) => (
          <li key={set.id ?? set.generation} data-testid="rules-set" data-state={set.state}>
            <div className={classes.setHead}>
              <b>v{set.generation}</b>
              <Tag tone={TONES[set.state]}>{t(`history.${set.state}`)}</Tag>
              {set.publication?.toPresent && <Tag>{t('history.toPresent')}</Tag>}
            </div>
            {set.publication && <p className={classes.reason}>{set.publication.reason}</p>}
            <p className={classes.hint}>{publishedBy(set)}</p>
            {set.changes.length > 0 && (
              <details className={classes.found}>
                <summary>{t('history.changes', { count: set.changes.length })}</summary>
                <Changes changes={set.changes} />
              </details>
            )}
          </li>
        ))}
      </ol>
      {pages.hasNextPage && (
        <Button
          size="md"
          variant="default"
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {t('history.more')}
        </Button>
      )}
    </div>
  );
}
