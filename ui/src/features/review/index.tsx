import { Button, NativeSelect, Skeleton } from '@mantine/core';
import { NotebookPen } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../backend';
import { CustomerField } from '../../shared/customer/CustomerField';
import { useOvertakenEdits, useReview } from '../../shared/data/review';
import { formatNumber } from '../../shared/format';
import { useHotkeys } from '../../shared/hotkeys';
import { useNavigation } from '../../shared/navigation';
import { useSay } from '../../shared/notes';
import { Delayed, EmptyState, ErrorNotice, Kbd } from '../../shared/parts';
import { useTakeScans } from '../../shared/scan';
import { CaseCard } from './CaseCard';
import { EditCard } from './EditCard';
import classes from './Review.module.css';
import { REASONS } from './reasons';
import { useCursorInList } from './useCursorInList';

const keyOf = ({ reason, about }: CaseView) => `${reason} ${about}`;

/** The review inbox (검토함): the cases that wait for somebody, those that began first before the others. */
export function ReviewScreen() {
  const { t } = useTranslation('review');
  const { go, reviewOf } = useNavigation();
  const say = useSay();
  const [reason, setReason] = useState('');
  const [customerId, setCustomerId] = useState(reviewOf);
  const [opened, setOpened] = useState<string | null>(null);
  const { data, error, refetch } = useReview({
    ...(reason !== '' && { reason }),
    ...(customerId !== null && { customerId }),
  });
  useTakeScans({
    takeHolder: (card, holder) => {
      setCustomerId(holder?.customer.customerId ?? null);
      if (holder === null) say(t('unknownCard', { card }), 'warn');
    },
  });
  const showAll = () => setCustomerId(null);
  useHotkeys({ Escape: showAll }, { enabled: customerId !== null });
  const none = customerId !== null ? 'noneOfCustomer' : reason === '' ? 'none' : 'noneOfThese';
  const edits = useOvertakenEdits();
  const shownEdits = reason === '' && customerId === null ? edits : [];
  const waiting = (data?.cases.length ?? 0) + shownEdits.length;
  const sheet = useRef<HTMLDivElement>(null);
  useCursorInList(sheet, [...shownEdits.map(({ editId }) => editId), ...(data?.cases ?? []).map(keyOf)]);
  const toggle = (key: string) => setOpened(opened === key ? null : key);
  return (
    <div className={classes.screen} data-testid="review-screen">
      <div ref={sheet} className={classes.sheet}>
        <header className={classes.head}>
          <div className={classes.headText}>
            <h1 className={classes.title}>{t('title')}</h1>
            <p role="status">
              {data && waiting > 0
                ? t(data.more ? 'countMore' : 'count', { value: formatNumber(waiting) })
                : t('about')}
            </p>
          </div>
          <Button
            variant="default"
            size="md"
            leftSection={<NotebookPen size={16} strokeWidth={1.75} />}
            data-testid="review-late"
            onClick={() => go('late')}
          >
            {t('enterAfterwards')}
          </Button>
          <NativeSelect
            size="md"
            aria-label={t('filter')}
            value={reason}
            data={[
              { value: '', label: t('everything') },
              ...REASONS.map((value) => ({ value, label: t(`reason.${value}.title`) })),
            ]}
            data-autofocus
            autoFocus
            data-testid="review-filter"
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <div data-search>
            <CustomerField
              bare
              customerId={customerId}
              readOnly={false}
              problem={null}
              none={t('noCustomer')}
              testid="review-customer"
              onChange={setCustomerId}
            />
          </div>
        </header>
        {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {!data && !error && (
          <Delayed>
            <Skeleton height={64} />
            <Skeleton height={64} />
          </Delayed>
        )}
        {data && waiting === 0 && (
          <EmptyState
            action={
              customerId === null ? (
                <Button size="md" data-testid="review-to-desk" onClick={() => go('desk')}>
                  {t('toDesk')}
                </Button>
              ) : (
                <Button
                  size="md"
                  rightSection={<Kbd on="accent">Esc</Kbd>}
                  data-testid="review-show-all"
                  onClick={showAll}
                >
                  {t('showAll')}
                </Button>
              )
            }
          >
            {t(none)}
          </EmptyState>
        )}
        {shownEdits.length > 0 && (
          <ol className={classes.cases} data-testid="review-edits">
            {shownEdits.map((one) => (
              <EditCard
                key={one.editId}
                view={one}
                isOpen={opened === one.editId}
                onToggle={() => toggle(one.editId)}
              />
            ))}
          </ol>
        )}
        {data && data.cases.length > 0 && (
          <ol className={classes.cases} data-testid="review-cases">
            {data.cases.map((one) => (
              <CaseCard
                key={keyOf(one)}
                view={one}
                isOpen={opened === keyOf(one)}
                onToggle={() => toggle(keyOf(one))}
              />
            ))}
          </ol>
        )}
      </div>
    </div>
  );
}
