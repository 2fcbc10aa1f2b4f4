import { Button, TextInput } from '@mantine/core';
import { Search } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError, CustomerHit } from '../../backend';
import { useCombobox } from '../../shared/combobox';
import { useCustomerSearch } from '../../shared/data/queries';
import { phoneEnding } from '../../shared/format';
import { isComposing } from '../../shared/inputMethod';
import { useNavigation } from '../../shared/navigation';
import { CustomerNameText, EmptyState, ErrorNotice, KeyHint, StandingIcon } from '../../shared/parts';
import { withSimilar } from '../../shared/scan';
import { useNow } from '../../shared/time';
import { useWords } from '../../shared/words';
import { ExportMenu } from './ExportMenu';
import classes from './Mypage.module.css';
import { type ChosenRange, rangeOf } from './range';
import { RangeFields } from './Toolbar';

const HITS_SHOWN = 8;

/** Shown while no customer is selected: finds a customer, or exports the histories of all customers. */
export function PickCustomer({ onPick }: { onPick: (customerId: string) => void }) {
  const { t } = useTranslation('mypage');
  const { t: common } = useTranslation('common');
  const { go } = useNavigation();
  const words = useWords();
  const now = useNow();
  const [text, setText] = useState('');
  const [index, setIndex] = useState(0);
  const [chosenRange, setChosenRange] = useState<ChosenRange>('month6');
  const [exportError, setExportError] = useState<AppError | null>(null);
  const { data, error, refetch, isPlaceholderData } = useCustomerSearch(text, HITS_SHOWN);
  const hits = data ? withSimilar(data, false).hits : [];
  const chosen = Math.min(index, hits.length - 1);
  const combobox = useCombobox(t('pick.label'), hits.length, chosen);

  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'ArrowDown') setIndex(Math.min(chosen + 1, hits.length - 1));
    else if (event.key === 'ArrowUp') setIndex(Math.max(chosen - 1, 0));
    else if (event.key === 'Escape') setText('');
    else if (event.key === 'Enter' && hits[chosen]) {
      // The hits of an earlier text are those of somebody else.
      if (!isPlaceholderData) onPick(hits[chosen].customer.customerId);
    } else return;
    event.preventDefault();
  };
  const line = (hit: CustomerHit, position: number) => (
    <div
      key={hit.customer.customerId}
      {...combobox.option(position, {
        onClick: () => onPick(hit.customer.customerId),
        onMouseMove: () => setIndex(position),
      })}
      className={classes.hit}
      data-testid="mypage-pick"
    >
      <StandingIcon standing={hit.standing} />
      <CustomerNameText customer={hit.customer} className={classes.hitName ?? ''} />
      <span className={classes.hitMore}>
        {hit.lastVisitAt === null ? '' : words.dayOrRecent(hit.lastVisitAt, now)}
      </span>
      <span className={classes.hitPhone}>{phoneEnding(hit.phone)}</span>
      <span className="visually-hidden">{common(`standing.${hit.standing}`)}</span>
    </div>
  );
  return (
    <div className={classes.pick}>
      <section className={classes.pickPane}>
        <h1 className={classes.pickTitle}>{t('pick.title')}</h1>
        <p className={classes.pickHint}>{t('pick.hint')}</p>
        <TextInput
          autoFocus
          size="lg"
          aria-label={t('pick.label')}
          {...combobox.field}
          leftSection={<Search size={20} strokeWidth={1.75} />}
          value={text}
          autoComplete="off"
          spellCheck={false}
          data-testid="mypage-search"
          data-search
          onChange={(event) => {
            setText(event.currentTarget.value);
            setIndex(0);
          }}
          onKeyDown={onKeyDown}
        />
        <p className={classes.pickKeys}>
          <KeyHint keys={['↑', '↓']}>{t('pick.keys')}</KeyHint>
          <KeyHint keys={['Enter']}>{t('pick.open')}</KeyHint>
        </p>
        {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {hits.length > 0 && (
          <div {...combobox.list} className={classes.hits}>
            {hits.map(line)}
          </div>
        )}
        {data && hits.length === 0 && (
          <EmptyState
            action={
              <Button variant="default" onClick={() => go('customers')}>
                {t('pick.toCustomers')}
              </Button>
            }
          >
            {t(text === '' ? 'pick.empty' : 'pick.none')}
          </EmptyState>
        )}
      </section>
      <section className={classes.pickExport}>
        <h2>{t('export.allHint')}</h2>
        <div className={classes.pickRange} data-search>
          <RangeFields chosen={chosenRange} onRange={setChosenRange} />
          <ExportMenu range={rangeOf(chosenRange, now)} onError={setExportError} />
        </div>
        {exportError && exportError.code !== 'cancelled' && <ErrorNotice error={exportError} />}
      </section>
    </div>
  );
}
