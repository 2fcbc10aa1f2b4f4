import { UnstyledButton } from '@mantine/core';
import { ChevronRight } from 'lucide-react';
import { type MouseEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { AlikeCustomer, AlikePage, CustomerId } from '../../backend';
import { formatPhone } from '../format';
import { CustomerNameText, StandingIcon } from '../parts';
import { useAreaName } from '../session';
import { useNow } from '../time';
import { useWords } from '../words';
import classes from './customer.module.css';

/** The first button gets the focus. For this time it ignores keys, as the second Enter of a bouncing key. */
const ENTER_DEBOUNCE_MS = 500;

interface Props {
  page: AlikePage;
  onChoose: (customerId: CustomerId) => void;
}

/** Says that the customer of a form seems to be here already, shows whom, and offers to take that customer in hand. */
export function AlikeCustomers({ page: { alike, more }, onChoose }: Props) {
  const { t } = useTranslation('common');
  const shownAt = useRef(0);
  const first = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other customers are shown, as if for the first time.
  useEffect(() => {
    shownAt.current = performance.now();
    first.current?.focus({ preventScroll: true });
    // With the buttons below, which belong to what is said (scroll-margin-bottom).
    first.current?.closest('section')?.scrollIntoView?.({ block: 'nearest' });
  }, [alike]);
  const choose = (event: MouseEvent, { hit }: AlikeCustomer) => {
    const isByKey = event.detail === 0;
    if (isByKey && performance.now() - shownAt.current < ENTER_DEBOUNCE_MS) return;
    onChoose(hit.customer.customerId);
  };
  return (
    <section className={classes.alike} role="alert" data-testid="alike">
      <p className={classes.alikeTitle}>{t(alike[0]?.sameName ? 'alike.same' : 'alike.samePhone')}</p>
      {alike.map((one, index) => (
        <AlikeRow
          key={one.hit.customer.customerId}
          alike={one}
          focusRef={index === 0 ? first : undefined}
          onClick={(event) => choose(event, one)}
        />
      ))}
      {more && <p>{t('alike.more')}</p>}
      <p>{t('alike.advice')}</p>
    </section>
  );
}

interface AlikeRowProps {
  alike: AlikeCustomer;
  focusRef: React.RefObject<HTMLButtonElement | null> | undefined;
  onClick: (event: MouseEvent) => void;
}

function AlikeRow({ alike: { hit, sameName }, focusRef, onClick }: AlikeRowProps) {
  const { t } = useTranslation('common');
  const words = useWords();
  const areaName = useAreaName();
  const now = useNow();
  const { inside, lastVisitAt, phone, card } = hit;
  const lastSeen = inside
    ? t('alike.inside', { area: areaName(inside.areaId) ?? t('unknownArea') })
    : lastVisitAt === null
      ? t('alike.neverCame')
      : t('alike.lastVisit', { time: words.dayOrRecent(lastVisitAt, now) });
  const facts = [phone && formatPhone(phone), card, lastSeen].filter((fact) => fact !== null);
  return (
    <UnstyledButton
      ref={focusRef}
      className={classes.alikeRow}
      data-testid="alike-customer"
      data-customer={hit.customer.customerId}
      data-same-name={sameName || undefined}
      onClick={onClick}
    >
      <StandingIcon standing={hit.standing} />
      <span className={classes.alikeWho}>
        <span className={classes.alikeName}>
          <CustomerNameText customer={hit.customer} />
        </span>
        <span className={classes.alikeFacts}>
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </span>
      </span>
      <span className={classes.alikeTake}>
        {t('alike.take')}
        <ChevronRight size={16} strokeWidth={1.75} aria-hidden />
      </span>
    </UnstyledButton>
  );
}
