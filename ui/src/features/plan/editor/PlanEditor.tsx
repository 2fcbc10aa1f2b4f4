import { Button, TextInput, UnstyledButton } from '@mantine/core';
import { DoorOpen, ImageOff, ImagePlus, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type PictureChange, type PlanView, type Shape, type ShapeKind, useBackend } from '../../../backend';
import { useAction } from '../../../shared/data/useAction';
import { useHotkeys } from '../../../shared/hotkeys';
import { LIMITS } from '../../../shared/limits';
import { Confirm, ErrorNotice, Kbd } from '../../../shared/parts';
import { useSession } from '../../../shared/session';
import { useUnsaved } from '../../../shared/unsaved';
import { useAttempt } from '../../../shared/useAttempt';
import classes from '../Plan.module.css';
import { nameOfShape } from '../shapes';
import { EditorCanvas } from './EditorCanvas';
import { BLANK, drawingOver, newShape, SHAPES_MAX, type Size, scaled } from './editing';
import { ShapeFields } from './ShapeFields';
import { scalePicture } from './scalePicture';

interface PlanEditorProps {
  /** Null for a new plan. */
  plan: PlanView | null;
  picture: string | null;
  onClose: () => void;
  onSaved: (planId: string) => void;
}

interface Draft extends Size {
  name: string;
  shapes: Shape[];
  picture: PictureChange;
  /** For an `<img>`. */
  url: string | null;
}

/** The editor of a plan: everything by pointer, and everything by keyboard. */
export function PlanEditor({ plan, picture, onClose, onSaved }: PlanEditorProps) {
  const { t } = useTranslation('plan');
  const backend = useBackend();
  const { areas, retiredAreas } = useSession();
  const action = useAction();
  const picking = useAttempt();
  const [draft, setDraft] = useState<Draft>(() => ({
    name: plan?.name ?? '',
    width: plan?.width ?? BLANK.width,
    height: plan?.height ?? BLANK.height,
    shapes: plan?.shapes ?? [],
    picture: { type: 'keep' },
    url: picture,
  }));
  const [isChanged, setIsChanged] = useState(false);
  const [chosen, setChosen] = useState<number | null>(null);
  const [asks, setAsks] = useState<'leave' | 'retire' | null>(null);
  const [isSubmitted, setIsSubmitted] = useState(false);
  const [isPlaceBad, setIsPlaceBad] = useState(false);
  useUnsaved(isChanged);
  const known = [...areas, ...retiredAreas];
  const names = draft.shapes.map((shape) => nameOfShape(shape, known, t));
  const shape = chosen === null ? undefined : draft.shapes[chosen];

  const edit = (change: Partial<Draft>) => {
    setDraft((now) => ({ ...now, ...change }));
    setIsChanged(true);
    action.reset();
  };
  const change = (index: number, next: Shape) =>
    edit({ shapes: draft.shapes.map((one, at) => (at === index ? next : one)) });
  const remove = (index: number) => {
    edit({ shapes: draft.shapes.filter((_, at) => at !== index) });
    setChosen(null);
  };
  const add = (kind: ShapeKind) => {
    const drawn = new Set(draft.shapes.map(({ area }) => area));
    const free = areas.find(({ areaId }) => !drawn.has(areaId)) ?? areas[0];
    const area = kind === 'area' ? (free?.areaId ?? null) : null;
    edit({ shapes: [...draft.shapes, newShape(kind, draft.shapes.length, draft, area)] });
    setChosen(draft.shapes.length);
  };
  const pick = () =>
    picking.attempt(async () => {
      const picked = await backend.pickPlanPicture();
      if (!picked) return;
      const { data, url, ...size } = await scalePicture(picked);
      const to = drawingOver(size);
      // Something may have been drawn while the picture was scaled.
      setDraft((now) => ({
        ...{ ...now, ...to, url },
        shapes: scaled(now.shapes, now, to),
        picture: { type: 'replace', data },
      }));
      setIsChanged(true);
      action.reset();
    });
  const save = async () => {
    setIsSubmitted(true);
    if (
      isPlaceBad ||
      draft.name.trim() === '' ||
      draft.shapes.some((one) => one.kind === 'area' && !one.area)
    )
      return;
    const { name, width, height, shapes } = draft;
    const outcome = await action.run({
      type: 'savePlan',
      ...(plan ? { planId: plan.planId } : {}),
      baseRevision: plan?.revision ?? 0,
      ...{ name, width, height, shapes, picture: draft.picture },
    });
    if (outcome?.type === 'planSaved') onSaved(outcome.planId);
  };
  const retire = async () => {
    if (!plan) return;
    const { planId, revision } = plan;
    if (await action.run({ type: 'retirePlan', planId, baseRevision: revision })) onClose();
    else setAsks(null);
  };
  const leave = () => (isChanged ? setAsks('leave') : onClose());
  useHotkeys({ 'Ctrl S': () => void save(), Escape: leave });
  const isFull = draft.shapes.length >= SHAPES_MAX;
  const error = action.error ?? picking.error;
  return (
    <div className={classes.screen} data-testid="plan-editor">
      <header className={classes.head}>
        <h1>{t(plan ? 'editor.title' : 'editor.titleNew')}</h1>
        <TextInput
          aria-label={t('editor.name')}
          placeholder={t('editor.name')}
          data-testid="plan-name"
          autoFocus={!plan}
          autoComplete="off"
          spellCheck={false}
          maxLength={LIMITS.name}
          value={draft.name}
          error={isSubmitted && draft.name.trim() === '' && t('editor.nameNeeded')}
          onChange={(event) => edit({ name: event.currentTarget.value })}
        />
        <span className={classes.grow} />
        {plan && (
          <Button variant="default" data-testid="plan-retire" onClick={() => setAsks('retire')}>
            {t('editor.retire')}
          </Button>
        )}
        <Button variant="default" rightSection={<Kbd>Esc</Kbd>} data-testid="plan-cancel" onClick={leave}>
          {t('editor.cancel')}
        </Button>
        <Button
          loading={action.isPending}
          rightSection={<Kbd on="accent">Ctrl S</Kbd>}
          data-testid="plan-save"
          onClick={() => void save()}
        >
          {t('editor.save')}
        </Button>
      </header>
      {error && (
        <div className={classes.notice}>
          <ErrorNotice error={error} />
        </div>
      )}
      <div className={classes.columns}>
        <div className={classes.stage}>
          <div className={classes.tools} role="toolbar" aria-label={t('editor.tools')}>
            <Button
              variant="default"
              disabled={isFull}
              leftSection={<Plus size={16} strokeWidth={1.75} />}
              data-testid="plan-add-area"
              onClick={() => add('area')}
            >
              {t('editor.addArea')}
            </Button>
            <Button
              variant="default"
              disabled={isFull}
              leftSection={<DoorOpen size={16} strokeWidth={1.75} />}
              data-testid="plan-add-entrance"
              onClick={() => add('entrance')}
            >
              {t('editor.addEntrance')}
            </Button>
            <Button
              variant="default"
              disabled={isFull}
              leftSection={<Plus size={16} strokeWidth={1.75} />}
              data-testid="plan-add-no-smoking"
              onClick={() => add('no_smoking')}
            >
              {t('editor.addNoSmoking')}
            </Button>
            <Button
              variant="default"
              loading={picking.isBusy}
              leftSection={<ImagePlus size={16} strokeWidth={1.75} />}
              data-testid="plan-pick"
              onClick={() => void pick()}
            >
              {t('editor.pick')}
            </Button>
            {draft.url && (
              <Button
                variant="default"
                leftSection={<ImageOff size={16} strokeWidth={1.75} />}
                data-testid="plan-no-picture"
                onClick={() => edit({ picture: { type: 'remove' }, url: null })}
              >
                {t('editor.noPicture')}
              </Button>
            )}
          </div>
          <EditorCanvas
            size={draft}
            picture={draft.url}
            shapes={draft.shapes}
            names={names}
            chosen={chosen}
            onChoose={setChosen}
            onChange={change}
            onRemove={remove}
          />
          <p className={classes.note}>{t('editor.keys')}</p>
        </div>
        <section className={classes.list} aria-label={t('list')}>
          {draft.shapes.length === 0 && <p className={classes.note}>{t('editor.noShapes')}</p>}
          <ul>
            {draft.shapes.map((one, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: shapes have no id, and their order is the plan's.
              <li key={index}>
                <UnstyledButton
                  className={classes.row}
                  aria-pressed={index === chosen}
                  data-testid="plan-editor-row"
                  onClick={() => setChosen(index)}
                >
                  <span className={classes.kind}>{t(`kind.${one.kind}`)}</span>
                  <span className={classes.name}>{names[index]}</span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
          {shape && chosen !== null && (
            <ShapeFields
              key={chosen}
              shape={shape}
              size={draft}
              areas={known.filter((area) => areas.includes(area) || area.areaId === shape.area)}
              onChange={(next) => change(chosen, next)}
              onPlace={setIsPlaceBad}
              onRemove={() => remove(chosen)}
            />
          )}
        </section>
      </div>
      {asks === 'leave' && (
        <Confirm
          title={t('editor.leaveTitle')}
          keep={t('editor.keepDrawing')}
          confirm={t('editor.leave')}
          testId="plan-leave"
          onConfirm={onClose}
          onClose={() => setAsks(null)}
        >
          {t('editor.leaveText')}
        </Confirm>
      )}
      {asks === 'retire' && (
        <Confirm
          title={t('editor.retireTitle')}
          keep={t('editor.cancel')}
          confirm={t('editor.retire')}
          isDangerous
          isBusy={action.isPending}
          testId="plan-retire-confirm"
          onConfirm={() => void retire()}
          onClose={() => setAsks(null)}
        >
          {t('editor.retireText')}
        </Confirm>
      )}
    </div>
  );
}
