import { Button, NativeSelect, SegmentedControl, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Keeping, useBackend } from '../../../backend';
import { EraseDialog } from '../../../shared/customer/EraseDialog';
import { NoticeDialog } from '../../../shared/customer/NoticeDialog';
import { KEEPING_KEY, useKeeping } from '../../../shared/data/keeping';
import { formatPhone } from '../../../shared/format';
import { lengthOf } from '../../../shared/limits';
import { EmptyState, ErrorNotice } from '../../../shared/parts';
import { useNow } from '../../../shared/time';
import { useUnsaved } from '../../../shared/unsaved';
import { useAttempt } from '../../../shared/useAttempt';
import { useWords } from '../../../shared/words';
import { DoneNotice, LoadedSetting, SectionHead } from '../Section';
import classes from '../Settings.module.css';
import { usePages } from './usePages';

const YEARS_PROPOSED = 3;
const YEARS = [1, 2, 3, 5, 7, 10] as const;
const NOTICE_MAX = 4_000;
const PAGE = 50;
const UNSEEN_KEY = ['unseen'] as const;

/** How long personal data are kept, who hasn't come for that long, and the notice that customers agree to. */
export function KeepingSection() {
  const { t } = useTranslation('settings');
  const keeping = useKeeping();
  return (
    <>
      <SectionHead title={t('keeping.title')}>{t('keeping.hint')}</SectionHead>
      <LoadedSetting query={keeping}>{(kept) => <KeepingForm kept={kept} />}</LoadedSetting>
    </>
  );
}

function KeepingForm({ kept }: { kept: Keeping }) {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const client = useQueryClient();
  const { isBusy, error, attempt } = useAttempt();
  const [notice, setNotice] = useState(kept.notice);
  const [said, setSaid] = useState<string | null>(null);
  const [isPrinting, setIsPrinting] = useState(false);
  useEffect(() => setNotice(kept.notice), [kept.notice]);
  useUnsaved(notice !== kept.notice);
  const save = (next: Keeping) =>
    attempt(async () => {
      setSaid(null);
      client.setQueryData(KEEPING_KEY, await backend.saveKeeping(next));
      await client.invalidateQueries({ queryKey: UNSEEN_KEY });
      setSaid(t('saved'));
    });
  const years = kept.unseenYears;
  const count = lengthOf(notice);
  const isLong = count > NOTICE_MAX;
  const choices = [...new Set([...YEARS, years ?? YEARS_PROPOSED])].sort((one, other) => one - other);
  return (
    <>
      <div className={classes.choice}>
        <span>
          {t('keeping.unseen')}
          <small>{t('keeping.unseenHint')}</small>
        </span>
        <SegmentedControl
          aria-label={t('keeping.unseen')}
          value={years === null ? 'off' : 'on'}
          onChange={(value) =>
            void save({ notice: kept.notice, unseenYears: value === 'on' ? YEARS_PROPOSED : null })
          }
          data={(['on', 'off'] as const).map((value) => ({
            value,
            label: <span data-testid={`settings-unseen-${value}`}>{t(`keeping.${value}`)}</span>,
          }))}
        />
      </div>
      {years !== null && (
        <>
          <div className={classes.choice}>
            <span>{t('keeping.years')}</span>
            <NativeSelect
              size="md"
              className={classes.shortSelect ?? ''}
              aria-label={t('keeping.years')}
              value={String(years)}
              data-testid="settings-unseen-years"
              data={choices.map((value) => ({
                value: String(value),
                label: t('keeping.yearsValue', { value, count: value }),
              }))}
              onChange={(event) =>
                void save({ notice: kept.notice, unseenYears: Number(event.currentTarget.value) })
              }
            />
          </div>
          <Unseen />
        </>
      )}
      <Textarea
        label={t('keeping.notice')}
        description={t('keeping.noticeHint')}
        autosize
        minRows={4}
        maxRows={14}
        value={notice}
        error={isLong ? t('tooLong', { max: NOTICE_MAX, value: count }) : null}
        data-testid="settings-notice"
        onChange={(event) => {
          setNotice(event.currentTarget.value);
          setSaid(null);
        }}
      />
      {error && <ErrorNotice error={error} />}
      <div className={classes.actions}>
        <Button
          size="md"
          variant="default"
          loading={isBusy}
          disabled={notice === kept.notice || isLong}
          data-testid="settings-notice-save"
          onClick={() => void save({ unseenYears: kept.unseenYears, notice })}
        >
          {t('save')}
        </Button>
        {kept.notice !== '' && (
          <Button
            size="md"
            variant="default"
            data-testid="settings-notice-print"
            onClick={() => setIsPrinting(true)}
          >
            {t('keeping.print')}
          </Button>
        )}
      </div>
      <DoneNotice>{said}</DoneNotice>
      {isPrinting && <NoticeDialog notice={kept.notice} onClose={() => setIsPrinting(false)} />}
    </>
  );
}

/** Customers who haven't come for the chosen number of years, to be erased one by one. */
function Unseen() {
  const { t } = useTranslation('settings');
  const backend = useBackend();
  const client = useQueryClient();
  const words = useWords();
  const now = useNow();
  const [erasing, setErasing] = useState<string | null>(null);
  const pages = usePages(
    UNSEEN_KEY,
    (cursor) => backend.unseenCustomers({ limit: PAGE, ...(cursor && { cursor }) }),
    ({ customers }) => customers.length === 0,
  );
  const customers = pages.data?.pages.flatMap((page) => page.customers);
  return (
    <>
      {pages.error && <ErrorNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      {customers?.length === 0 && <EmptyState>{t('keeping.nobody')}</EmptyState>}
      {customers && customers.length > 0 && (
        <ul className={classes.rows} data-testid="settings-unseen">
          {customers.map(({ customer, phone, lastVisitAt, registeredAt }) => (
            <li key={customer.customerId} data-testid="settings-unseen-row">
              <div className={classes.person}>
                <span className={classes.personName}>
                  <b className="one-line" title={words.nameOf(customer)} data-named>
                    {words.nameOf(customer)}
                  </b>
                  <small>
                    {[
                      phone && formatPhone(phone),
                      lastVisitAt === null
                        ? t('keeping.never', { time: words.dayOrRecent(registeredAt, now) })
                        : t('keeping.last', { time: words.dayOrRecent(lastVisitAt, now) }),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </small>
                </span>
                <Button
                  size="xs"
                  variant="default"
                  data-testid="settings-unseen-erase"
                  onClick={() => setErasing(customer.customerId)}
                >
                  {t('keeping.erase')}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {pages.hasNextPage && (
        <div className={classes.actions}>
          <Button
            size="md"
            variant="default"
            loading={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            {t('filter.more')}
          </Button>
        </div>
      )}
      {erasing !== null && (
        <EraseDialog
          customerId={erasing}
          reason="not_seen"
          onClose={() => setErasing(null)}
          onErased={() => {
            setErasing(null);
            void client.invalidateQueries({ queryKey: UNSEEN_KEY });
          }}
        />
      )}
    </>
  );
}
