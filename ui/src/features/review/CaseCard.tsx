import { Button } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../backend';
import { CloseVisitDialog } from '../../shared/closeVisit/CloseVisitDialog';
import { formatNumber } from '../../shared/format';
import { useNavigation } from '../../shared/navigation';
import { CustomerNameText } from '../../shared/parts';
import { useNow } from '../../shared/time';
import { useWords } from '../../shared/words';
import { CaseFactRow } from './CaseFactRow';
import { type Asked, InboxItem } from './InboxItem';
import classes from './Review.module.css';
import { isKnown } from './reasons';

const RESOLUTIONS = ['accepted', 'corrected', 'dismissed'] as const;

/** A case in plain words; opened, with its facts side by side and the acts that settle it. */
export function CaseCard({
  view,
  isOpen,
  onToggle,
}: {
  view: CaseView;
  isOpen: boolean;
  onToggle: () => void;
}) {
  const { t } = useTranslation('review');
  const { go, goToSection } = useNavigation();
  const { clockOrDay, nameOf } = useWords();
  const now = useNow();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [isClosing, setIsClosing] = useState(false);
  const { reason, about, customers, beganAt, points, facts, visitId, settledByAct } = view;
  const only = customers.length === 1 ? customers[0] : undefined;
  const words = {
    title: isKnown(reason) ? t(`reason.${reason}.title`) : t('unknown.title'),
    story: isKnown(reason)
      ? t(`reason.${reason}.story`, { points: formatNumber(points ?? 0) })
      : t('unknown.story'),
  };
  const resolve = (resolution: (typeof RESOLUTIONS)[number]) =>
    setAsked({
      title: t(`resolution.${resolution}`),
      text: t(`resolution.${resolution}Text`),
      command: {
        type: 'resolveCase',
        reason,
        about,
        resolution,
        facts: facts.map(({ entry }) => entry.eventId),
      },
    });
  const close = () => {
    setAsked(null);
    setIsClosing(false);
  };
  return (
    <InboxItem
      name="case"
      marks={{ 'data-reason': reason }}
      icon={TriangleAlert}
      title={words.title}
      who={
        <>
          {customers.map((customer) => (
            <span key={customer.customerId}>
              <CustomerNameText customer={customer} /> ·{' '}
            </span>
          ))}
          {clockOrDay(beganAt, now)}
        </>
      }
      isOpen={isOpen}
      onToggle={onToggle}
      asked={asked}
      onAnswered={close}
    >
      <p>{words.story}</p>
      <ul className={classes.facts}>
        {facts.map((fact) => (
          <CaseFactRow
            key={fact.entry.eventId}
            fact={fact}
            named={customers.length === 0}
            onVoid={(command, title) => setAsked({ title, text: t('voidText'), command })}
          />
        ))}
      </ul>
      <div className={classes.acts}>
        {visitId !== null && (
          <Button data-testid="case-close-visit" onClick={() => setIsClosing(true)}>
            {t('closeVisit')}
          </Button>
        )}
        {reason === 'forked' && (
          <Button data-testid="case-to-sync" onClick={() => go('sync')}>
            {t('act.sync')}
          </Button>
        )}
        {reason === 'rival_rules' && (
          <Button data-testid="case-to-rules" onClick={() => goToSection('rules')}>
            {t('act.rules')}
          </Button>
        )}
        {customers.length > 1 &&
          customers.map((customer) => (
            <Button
              key={customer.customerId}
              data-testid="case-to-customer"
              onClick={() => go('customers', customer.customerId)}
            >
              {t('act.customer', { name: nameOf(customer) })}
            </Button>
          ))}
        {!settledByAct &&
          RESOLUTIONS.map((resolution) => (
            <Button
              key={resolution}
              variant="default"
              data-testid={`case-${resolution}`}
              onClick={() => resolve(resolution)}
            >
              {t(`resolution.${resolution}`)}
            </Button>
          ))}
        {only && (
          <Button variant="subtle" data-testid="case-to-mypage" onClick={() => go('mypage', only.customerId)}>
            {t('toMypage')}
          </Button>
        )}
      </div>
      {isClosing && visitId !== null && (
        <CloseVisitDialog visitId={visitId} since={beganAt} onClose={close} onDone={close} />
      )}
    </InboxItem>
  );
}
