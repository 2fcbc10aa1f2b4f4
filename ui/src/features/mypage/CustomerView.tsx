import { Button, Modal, SegmentedControl } from '@mantine/core';
import { CalendarClock, CigaretteOff, CircleCheck, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { I18nextProvider, useTranslation } from 'react-i18next';
import type { CustomerCard, Language } from '../../backend';
import { formatNumber } from '../../shared/format';
import { Delayed, Kbd, PenaltyPoints, Points } from '../../shared/parts';
import { useLanguage } from '../../shared/preferences';
import { useCloseForScans } from '../../shared/scan';
import { useAreaName, useSession } from '../../shared/session';
import { dottedDate, formatIsoDate } from '../../shared/time';
import { endedBan, pointsToBan } from '../../shared/why/verdictWords';
import classes from './CustomerView.module.css';
import { useHistory } from './useHistory';

const VISITS_SHOWN = 5;
/** A balance of more letters than this is written smaller. */
const LONG_FROM = 11;
const EVERYTHING = { from: undefined, to: undefined };

interface Props {
  card: CustomerCard;
  onClose: () => void;
}

/**
 * What is shown to the customers themselves when the screen is turned to them: large, calm, in their language, and nothing
 * of other people, of staff, or of the program's ids.
 */
export function CustomerView({ card, onClose }: Props) {
  const { i18n } = useTranslation();
  const own = useLanguage();
  const [language, setLanguage] = useState<Language>(own);
  // Only here is it another language; the desk keeps its own.
  const [clones] = useState(() => new Map<Language, typeof i18n>());
  const known = clones.get(language);
  const shown = known ?? (language === own ? i18n : i18n.cloneInstance({ lng: language }));
  clones.set(language, shown);
  useCloseForScans(onClose);
  return (
    <I18nextProvider i18n={shown}>
      <View card={card} language={language} onLanguage={setLanguage} onClose={onClose} />
    </I18nextProvider>
  );
}

interface ViewProps extends Props {
  language: Language;
  onLanguage: (language: Language) => void;
}

function View({ card, language, onLanguage, onClose }: ViewProps) {
  const { t } = useTranslation('mypage');
  const { t: common } = useTranslation('common');
  const { facility } = useSession();
  const { name } = card.customer;
  return (
    <Modal
      opened
      onClose={onClose}
      fullScreen
      withCloseButton={false}
      title={name === null ? t('facing.unnamed') : common('namePlain', { name })}
      classNames={{ header: 'visually-hidden', body: classes.body ?? '' }}
      data-testid="customer-view"
      lang={language}
    >
      <div className={classes.head}>
        <p className={classes.facility}>{facility.name}</p>
        <SegmentedControl
          size="md"
          aria-label={t('facing.language')}
          value={language}
          onChange={(value) => onLanguage(value as Language)}
          data={[
            { value: 'ko', label: <span data-testid="customer-view-ko">한국어</span> },
            { value: 'en', label: <span data-testid="customer-view-en">English</span> },
          ]}
        />
        <Button
          size="lg"
          variant="default"
          data-autofocus
          rightSection={<Kbd>Esc</Kbd>}
          data-testid="customer-view-close"
          onClick={onClose}
        >
          {common('close')}
        </Button>
      </div>
      <h1 className={classes.name} data-named>
        {name === null ? t('facing.unnamed') : common('namePlain', { name })}
      </h1>
      <Standing card={card} />
      <dl className={classes.figures}>
        <div>
          <dt>{t('facing.balance')}</dt>
          <dd
            data-testid="customer-view-balance"
            data-long={formatNumber(card.points.balance).length > LONG_FROM || undefined}
          >
            <Points value={card.points.balance} />
          </dd>
        </div>
        <div>
          <dt>{t('facing.visits')}</dt>
          <dd>
            {card.visitsThisMonth === null
              ? '–'
              : t('facing.times', {
                  value: formatNumber(card.visitsThisMonth),
                  count: card.visitsThisMonth,
                })}
          </dd>
        </div>
        <div>
          <dt>{t('facing.penalty')}</dt>
          <dd>
            <PenaltyPoints value={card.verdict.outstanding} />
          </dd>
        </div>
      </dl>
      <Expiring card={card} />
      <Visits customerId={card.customer.customerId} />
    </Modal>
  );
}

const ICONS = { ALLOWED: CircleCheck, WARNED: TriangleAlert, PROHIBITED: CigaretteOff };

function Standing({ card: { verdict } }: { card: CustomerCard }) {
  const { t } = useTranslation('mypage');
  const { t: common } = useTranslation('common');
  const Icon = ICONS[verdict.standing];
  const ended = endedBan(verdict);
  const text = () => {
    if (verdict.standing === 'PROHIBITED') {
      return verdict.liftedOn === null
        ? t('facing.banned')
        : t('facing.bannedUntil', { day: dottedDate(verdict.liftedOn) });
    }
    if (ended?.lastDay) return t('facing.ended');
    if (verdict.standing === 'WARNED')
      return t('facing.warned', { left: formatNumber(pointsToBan(verdict)) });
    return t('facing.allowed');
  };
  return (
    <div className={classes.standing} data-standing={verdict.standing} data-testid="customer-view-standing">
      <Icon size={40} strokeWidth={2} aria-hidden />
      <p>
        <strong>{common(`standing.${verdict.standing}`)}</strong>
        <span>{text()}</span>
      </p>
    </div>
  );
}

/** The points that expire within the time of the rules' notices, by their last day. */
function Expiring({ card }: { card: CustomerCard }) {
  const { t } = useTranslation('mypage');
  const expiring = card.notices.filter((notice) => notice.type === 'pointsExpire');
  if (expiring.length === 0) return null;
  return (
    <section className={classes.part} data-testid="customer-view-expiring">
      <h2>{t('facing.expiring')}</h2>
      <ul className={classes.lines}>
        {expiring.map(({ lastDay, points }) => (
          <li key={lastDay}>
            <CalendarClock size={24} strokeWidth={1.75} aria-hidden />
            <span>{t('facing.until', { day: dottedDate(lastDay) })}</span>
            <b>
              <Points value={points} />
            </b>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Visits({ customerId }: { customerId: string }) {
  const { t } = useTranslation('mypage');
  const { t: common } = useTranslation('common');
  const areaName = useAreaName();
  const history = useHistory({ customerId, filter: 'visits', range: EVERYTHING, moment: null });
  const visits = history.data?.pages[0]?.entries.slice(0, VISITS_SHOWN);
  return (
    <section className={classes.part}>
      <h2>{t('facing.recent')}</h2>
      {history.error && <p>{t('facing.unavailable')}</p>}
      {!visits && !history.error && (
        <Delayed>
          <p>{common('why.loading')}</p>
        </Delayed>
      )}
      {visits?.length === 0 && <p>{t('facing.none')}</p>}
      <ul className={classes.lines} data-testid="customer-view-visits">
        {visits?.map(({ id, at, startedAt, areaId, points }) => (
          <li key={id}>
            <span>{dottedDate(formatIsoDate(startedAt ?? at))}</span>
            <span className="one-line" title={areaName(areaId) ?? ''} data-named>
              {areaName(areaId) ?? common('unknownArea')}
            </span>
            <b>{points === null || points === 0 ? '' : <Points value={points} />}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}
