import { FocusTrap, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CustomerCard, Verdict, VerdictLine } from '../../backend';
import { formatNumber, formatSigned } from '../format';
import { codeName, groundName } from '../openWords';
import { FactKindIcon, StandingTag } from '../parts';
import { useAreaName } from '../session';
import { formatShortMoment, useNow } from '../time';
import { useWords } from '../words';
import classes from './why.module.css';

interface Props {
  card: CustomerCard;
  onClose: () => void;
}

/** Explains a verdict: the facts behind it, their sum, the thresholds, and the points that would lift a ban. */
export function WhyDialog({ card, onClose }: Props) {
  const { t } = useTranslation('common');
  const { nameOf, clockOrDay } = useWords();
  const now = useNow();
  const { verdict, customer } = card;
  const { standing, outstanding, warnAt, prohibitAt, lines } = verdict;
  return (
    <Modal
      opened
      onClose={onClose}
      size={880}
      title={
        <span className={classes.title}>
          <span>
            {t('namePlain', { name: nameOf(customer) })} · {t(`why.title.${standing}`)}
          </span>
          <StandingTag standing={standing} />
        </span>
      }
      data-testid="why"
    >
      <FocusTrap.InitialFocus />
      <p className={classes.because} data-testid="why-because">
        {t(`why.because.${standing}`, { outstanding: formatNumber(outstanding), warnAt, prohibitAt })}
      </p>
      <div className={classes.columns}>
        <section>
          <div className={classes.head}>
            <h3>{t('why.facts', { value: formatNumber(lines.length) })}</h3>
            <span>{t('why.onlyPenalties')}</span>
          </div>
          {lines.length === 0 ? <p className={classes.none}>{t('why.none')}</p> : <Facts lines={lines} />}
        </section>
        <Receipt verdict={verdict} />
      </div>
      <p className={classes.asOf}>{t('why.asOf', { time: clockOrDay(verdict.asOf, now) })}</p>
    </Modal>
  );
}

function Facts({ lines }: { lines: VerdictLine[] }) {
  const { t } = useTranslation('common');
  const areaName = useAreaName();
  const now = useNow();
  return (
    <div className={classes.scroll}>
      <table className={classes.facts}>
        <thead>
          <tr>
            <th scope="col">{t('why.when')}</th>
            <th scope="col">{t('why.what')}</th>
            <th scope="col">{t('why.who')}</th>
            <th scope="col">{t('why.rules')}</th>
            <th scope="col" data-number>
              {t('why.change')}
            </th>
            <th scope="col" data-number>
              {t('why.left')}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => {
            const details = [
              line.code && codeName(t, line.code),
              line.ground && groundName(t, line.ground),
              line.areaId && areaName(line.areaId),
            ].filter(Boolean);
            return (
              <tr key={`${line.at} ${line.kind} ${line.outstanding}`} data-testid="why-line">
                <td>{formatShortMoment(line.at, now)}</td>
                <td>
                  <span className={classes.what} data-tone={line.points < 0 ? 'ok' : 'bad'}>
                    <FactKindIcon kind={line.kind} />
                    <span>
                      <strong>{t(`factKind.${line.kind}`)}</strong> {details.join(' · ')}
                    </span>
                  </span>
                </td>
                <td>{[line.terminalName, line.by].filter(Boolean).join(' ')}</td>
                <td data-short>{t('why.generation', { generation: line.generation })}</td>
                <td data-number data-tone={line.points < 0 ? 'ok' : 'bad'}>
                  {formatSigned(line.points)}
                </td>
                <td data-number data-strong>
                  {formatNumber(line.outstanding)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Receipt({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation('common');
  const { penaltyPoints } = useWords();
  const { lines, outstanding, standing, warnAt, prohibitAt, toLift } = verdict;
  const sumOf = (kind: VerdictLine['kind']) =>
    lines.filter((line) => line.kind === kind).reduce((sum, { points }) => sum + points, 0);
  const parts = [
    ['imposed', sumOf('penaltyImposed')],
    ['deducted', sumOf('penaltyDeducted')],
    ['deductionVoided', sumOf('penaltyDeductionVoided')],
    ['voided', sumOf('penaltyVoided')],
  ] as const;
  const toWarn = formatNumber(warnAt - outstanding);
  const toBan = formatNumber(prohibitAt - outstanding);
  return (
    <section className={classes.receipt}>
      <h3>{t('why.arithmetic')}</h3>
      <dl>
        {parts
          .filter(([part, sum]) => sum !== 0 || part === 'imposed')
          .map(([part, sum]) => (
            <div key={part}>
              <dt>{t(`why.${part}`)}</dt>
              <dd>{penaltyPoints(sum)}</dd>
            </div>
          ))}
        <div data-total>
          <dt>{t('why.outstanding')}</dt>
          <dd>{penaltyPoints(outstanding)}</dd>
        </div>
        <div>
          <dt>{t('why.warnAt')}</dt>
          <dd>{penaltyPoints(warnAt)}</dd>
        </div>
        <div>
          <dt>{t('why.prohibitAt')}</dt>
          <dd>{penaltyPoints(prohibitAt)}</dd>
        </div>
      </dl>
      <p className={classes.lift} data-standing={standing}>
        {standing === 'PROHIBITED'
          ? t('why.lift', { points: formatNumber(toLift ?? 0) })
          : standing === 'WARNED'
            ? t('why.warnedLeft', { toBan })
            : t('why.nothingToLift', { toWarn, toBan })}
      </p>
    </section>
  );
}
