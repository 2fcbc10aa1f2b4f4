import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Area, Shape } from '../../../backend';
import classes from '../Plan.module.css';
import { coordinatesText, readCoordinates } from './coordinates';
import { fitted, LABEL_MAX, SHAPE_SIDE_MIN, type Size } from './editing';

interface ShapeFieldsProps {
  shape: Shape;
  size: Size;
  areas: readonly Area[];
  onChange: (shape: Shape) => void;
  /** Called with whether the typed coordinates can't be read. */
  onPlace: (isBad: boolean) => void;
  onRemove: () => void;
}

/** Everything about one shape, as fields: what can be dragged can be typed too. */
export function ShapeFields({ shape, size, areas, onChange, onPlace, onRemove }: ShapeFieldsProps) {
  const { t } = useTranslation('plan');
  const [typedPlace, setTypedPlace] = useState(shape.at ? coordinatesText(shape.at) : '');
  const isNoPlace = readCoordinates(typedPlace) === undefined;
  useEffect(() => onPlace(isNoPlace), [onPlace, isNoPlace]);
  useEffect(() => () => onPlace(false), [onPlace]);
  const [isListOpen, setIsListOpen] = useState(false);
  // What is being typed: a first digit alone may be too small for a side.
  const [typed, setTyped] = useState<{ field: string; value: number | string } | null>(null);
  const number = (field: 'x' | 'y' | 'width' | 'height') => (
    <NumberInput
      label={t(`editor.${field}`)}
      data-testid={`plan-${field}`}
      allowDecimal={false}
      allowNegative={false}
      hideControls
      value={typed?.field === field ? typed.value : shape[field]}
      onBlur={() => setTyped(null)}
      onChange={(value) => {
        setTyped({ field, value });
        const min = field === 'x' || field === 'y' ? 0 : SHAPE_SIDE_MIN;
        if (typeof value === 'number' && value >= min) onChange(fitted({ ...shape, [field]: value }, size));
      }}
    />
  );
  return (
    <fieldset className={classes.fields} data-testid="plan-fields">
      <legend>{t(`kind.${shape.kind}`)}</legend>
      {shape.kind !== 'entrance' && (
        <Select
          label={t(shape.kind === 'area' ? 'editor.area' : 'editor.areaNearby')}
          data-testid="plan-area"
          allowDeselect={false}
          onDropdownOpen={() => setIsListOpen(true)}
          onDropdownClose={() => setIsListOpen(false)}
          onKeyDown={(event) => {
            // Escape closes the list, not the editor too.
            if (event.key === 'Escape' && isListOpen) event.stopPropagation();
          }}
          value={shape.area ?? ''}
          error={shape.kind === 'area' && shape.area === null ? t('editor.areaNeeded') : null}
          onChange={(value) => onChange({ ...shape, area: value || null })}
          data={[
            ...(shape.kind === 'area' ? [] : [{ value: '', label: t('editor.noArea') }]),
            ...areas.map(({ areaId, name }) => ({ value: areaId, label: name })),
          ]}
        />
      )}
      <TextInput
        label={t('editor.label')}
        data-testid="plan-label"
        autoComplete="off"
        spellCheck={false}
        maxLength={LABEL_MAX}
        value={shape.label ?? ''}
        onChange={(event) => onChange({ ...shape, label: event.currentTarget.value || null })}
      />
      <div className={classes.numbers}>
        {number('x')}
        {number('y')}
        {number('width')}
        {number('height')}
      </div>
      {shape.kind === 'area' && (
        <TextInput
          label={t('editor.coordinates')}
          placeholder="37.566500, 126.978000"
          data-testid="plan-coordinates"
          autoComplete="off"
          value={typedPlace}
          error={isNoPlace && t('editor.noPlace')}
          onChange={(event) => {
            const text = event.currentTarget.value;
            setTypedPlace(text);
            const at = readCoordinates(text);
            if (at !== undefined) onChange({ ...shape, at });
          }}
        />
      )}
      <Button
        variant="default"
        leftSection={<Trash2 size={16} strokeWidth={1.75} />}
        data-testid="plan-remove"
        onClick={onRemove}
      >
        {t('editor.remove')}
      </Button>
    </fieldset>
  );
}
