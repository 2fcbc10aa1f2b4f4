import { useTranslation } from 'react-i18next';
import type { PlacePenalties, PlanView } from '../../backend';
import { useOccupancy } from '../../shared/data/queries';
import { formatNumber } from '../../shared/format';
import { useSession } from '../../shared/session';
import { coordinatesText } from './editor/coordinates';
import classes from './Plan.module.css';
import { letterSize, PlanDrawing, ShapeText } from './PlanDrawing';
import { fullnessOf, heatOf, nameOfShape, type PlaceNow, placeOf } from './shapes';

interface PlanNowProps {
  plan: PlanView;
  /** Undefined while it loads. */
  picture: string | null | undefined;
  /** Absent while people are shown. */
  penalties: readonly PlacePenalties[] | undefined;
}

/** A plan with what is so now: people and fullness, or the penalties of each place. */
export function PlanNow({ plan, picture, penalties }: PlanNowProps) {
  const { t } = useTranslation('plan');
  const { areas, retiredAreas } = useSession();
  const { data } = useOccupancy();
  const known = [...areas, ...retiredAreas];
  const places = plan.shapes.map((shape) => ({
    shape,
    place: placeOf(shape, nameOfShape(shape, known, t), data?.areas ?? [], penalties),
  }));
  const most = Math.max(0, ...places.map(({ place }) => place.penalties ?? 0));
  const size = letterSize(plan);
  const words = usePlaceWords();
  const missing = plan.picture && plan.picture.have < plan.picture.pieces ? plan.picture : null;
  const isUnusable = plan.picture && !missing && picture === null;
  return (
    <div className={classes.columns}>
      <div className={classes.stage}>
        {missing && (
          <p className={classes.note} role="status" data-testid="plan-missing">
            {t('missing', { have: missing.have, pieces: missing.pieces })}
          </p>
        )}
        {isUnusable && (
          <p className={classes.note} role="status">
            {t('unusable')}
          </p>
        )}
        <PlanDrawing plan={plan} picture={picture ?? null} label={t('drawing', { name: plan.name })}>
          {places.map(({ shape, place }, index) => (
            <g
              // biome-ignore lint/suspicious/noArrayIndexKey: shapes have no id, and their order is the plan's.
              key={index}
              className={classes.shape}
              data-kind={shape.kind}
              data-fullness={penalties ? undefined : fullnessOf(place)}
              data-heat={penalties ? heatOf(place.penalties ?? 0, most) : undefined}
              data-testid="plan-shape"
            >
              <rect x={shape.x} y={shape.y} width={shape.width} height={shape.height} rx={size / 4} />
              <ShapeText shape={shape} size={size} name={place.name} detail={words(place)} />
            </g>
          ))}
        </PlanDrawing>
      </div>
      <section className={classes.list} aria-label={t('list')}>
        <h2 className={classes.listTitle}>{plan.name}</h2>
        {places.length === 0 && <p className={classes.note}>{t('noShapes')}</p>}
        <ul>
          {places.map(({ shape, place }, index) => {
            const detail = words(place);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: shapes have no id, and their order is the plan's.
              <li key={index} className={classes.row} data-testid="plan-row">
                <span className={classes.kind}>{t(`kind.${shape.kind}`)}</span>
                <span className={classes.name}>{place.name}</span>
                {detail !== null && (
                  <span className={classes.count} data-full={fullnessOf(place) === 'full' || undefined}>
                    {!penalties && fullnessOf(place) === 'full' && <>{t('full')} </>}
                    {detail}
                  </span>
                )}
                {shape.at && <span className={classes.at}>{coordinatesText(shape.at)}</span>}
              </li>
            );
          })}
        </ul>
      </section>
    </div>
  );
}

/** The words for the people or the penalties of a place; null for a place that has neither. */
function usePlaceWords() {
  const { t } = useTranslation('plan');
  return ({ present, capacity, penalties }: PlaceNow): string | null => {
    if (penalties !== null) return t('penaltyCount', { value: formatNumber(penalties), count: penalties });
    if (present === null) return null;
    if (capacity === null) return t('present', { value: formatNumber(present), count: present });
    return t('fill', { present: formatNumber(present), capacity: formatNumber(capacity) });
  };
}
