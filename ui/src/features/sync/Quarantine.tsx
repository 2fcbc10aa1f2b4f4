import { Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QuarantineRow } from '../../backend';
import { useQuarantine } from '../../shared/data/sync';
import { formatBytes, formatNumber } from '../../shared/format';
import { Delayed, ErrorNotice } from '../../shared/parts';
import { useWords } from '../../shared/words';
import { RawDialog } from './RawDialog';
import classes from './Sync.module.css';

/** The number of rows shown at first; more don't fit beside the last error. */
const ROWS_COLLAPSED = 5;

/** Lists quarantined messages. The texts say that they are kept: a quarantine must not look like data loss. */
export function Quarantine({ total, asOf }: { total: number; asOf: number }) {
  const { t } = useTranslation('sync');
  const { data, error, refetch, isLoading, hasNextPage, isFetchingNextPage, fetchNextPage } = useQuarantine(
    total > 0,
  );
  const [isOpen, setIsOpen] = useState(false);
  const [shown, setShown] = useState<QuarantineRow | null>(null);
  const all = data?.pages.flatMap(({ rows }) => rows) ?? [];
  const dropped = data?.pages[0]?.dropped ?? 0;
  const rows = isOpen ? all : all.slice(0, ROWS_COLLAPSED);
  return (
    <section className={classes.quarantine} aria-label={t('quarantine.title')}>
      <header className={classes.sectionHead}>
        <h2>{t('quarantine.title')}</h2>
        {total > 0 && <span>{t('quarantine.about')}</span>}
        {!isOpen && total > ROWS_COLLAPSED && (
          <Button
            variant="subtle"
            size="xs"
            className={classes.all}
            data-testid="quarantine-all"
            onClick={() => setIsOpen(true)}
          >
            {t('quarantine.all', { value: formatNumber(total) })}
          </Button>
        )}
      </header>
      {total === 0 && <p className={classes.nothing}>{t('quarantine.none')}</p>}
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isLoading && (
        <Delayed>
          <Skeleton height={16} my={10} />
          <Skeleton height={16} my={10} />
        </Delayed>
      )}
      {dropped > 0 && (
        <p className={classes.nothing} data-testid="quarantine-dropped">
          {t('quarantine.dropped', { value: formatNumber(dropped) })}
        </p>
      )}
      {rows.length > 0 && <Rows rows={rows} asOf={asOf} onShow={setShown} />}
      {isOpen && hasNextPage && (
        <Button
          variant="default"
          size="xs"
          mt={12}
          loading={isFetchingNextPage}
          data-testid="quarantine-more"
          onClick={() => void fetchNextPage()}
        >
          {t('quarantine.more')}
        </Button>
      )}
      {shown && <RawDialog row={shown} onClose={() => setShown(null)} />}
    </section>
  );
}

interface RowsProps {
  rows: QuarantineRow[];
  asOf: number;
  onShow: (row: QuarantineRow) => void;
}

function Rows({ rows, asOf, onShow }: RowsProps) {
  const { t } = useTranslation('sync');
  const { clockOrDay } = useWords();
  return (
    <table className={classes.table} data-dense>
      <colgroup>
        <col style={{ width: 112 }} />
        <col style={{ width: 168 }} />
        <col style={{ width: 64 }} />
        <col style={{ width: 104 }} />
        <col />
        <col style={{ width: 64 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">{t('quarantine.when')}</th>
          <th scope="col">{t('quarantine.topic')}</th>
          <th scope="col" data-number>
            {t('quarantine.partition')}
          </th>
          <th scope="col" data-number>
            {t('quarantine.offset')}
          </th>
          <th scope="col">{t('quarantine.why')}</th>
          <th scope="col">
            <span className="visually-hidden">{t('quarantine.raw')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const reason = t(`quarantine.reason.${row.reason}`, { size: formatBytes(row.size) });
          return (
            <tr
              key={`${row.topic} ${row.partition} ${row.offset}`}
              data-testid="quarantined"
              data-reason={row.reason}
            >
              <td data-label={t('quarantine.when')} data-tone="quiet">
                {clockOrDay(row.at, asOf)}
              </td>
              <td data-label={t('quarantine.topic')}>
                <span className={`one-line ${classes.cell}`} title={row.topic} data-named data-selectable>
                  {row.topic}
                </span>
              </td>
              <td data-label={t('quarantine.partition')} data-number>
                {row.partition}
              </td>
              <td data-label={t('quarantine.offset')} data-number data-selectable>
                {formatNumber(row.offset)}
              </td>
              <td className={classes.reasonCell} data-label={t('quarantine.why')}>
                {reason}
              </td>
              <td data-number>
                <Button
                  variant="subtle"
                  size="compact-xs"
                  data-testid="quarantined-raw"
                  onClick={() => onShow(row)}
                >
                  {t('quarantine.raw')}
                </Button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
