import { PasswordInput, TextInput, UnstyledButton } from '@mantine/core';
import { CloudOff, Plus, Trash2 } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing, onEnter } from '../../shared/inputMethod';
import { HINT_BELOW, Kbd } from '../../shared/parts';
import type { AreaTexts } from './form';
import classes from './SetUp.module.css';
import type { SetUp } from './useSetUp';

const plain = { autoComplete: 'off', spellCheck: false, size: 'md' } as const;

export function FacilityStep({ setUp }: { setUp: SetUp }) {
  const { t } = useTranslation('setup');
  return (
    <TextInput
      {...plain}
      ref={setUp.register('facilityName')}
      autoFocus
      label={t('facility.label')}
      placeholder={t('facility.placeholder')}
      description={t('facility.hint')}
      inputWrapperOrder={HINT_BELOW}
      value={setUp.texts.facilityName}
      error={setUp.errorOf('facilityName')}
      data-testid="setup-facility"
      onChange={(event) => setUp.type('facilityName', event.currentTarget.value)}
      onKeyDown={onEnter(setUp.next)}
    />
  );
}

/** Inputs for the areas. Enter adds the next area; Enter in an empty one moves on to the next step. */
export function AreasStep({ setUp }: { setUp: SetUp }) {
  const { t } = useTranslation('setup');
  const { areas } = setUp.texts;
  return (
    <>
      <div>
        <h2 className={classes.areasTitle}>{t('areas.title', { facility: setUp.texts.facilityName })}</h2>
        <div className={classes.areaHead} aria-hidden="true">
          <span />
          <span>{t('areas.name')}</span>
          <span>{t('areas.capacity')}</span>
        </div>
        <ol className={classes.areas}>
          {areas.map((area, index) => (
            <AreaLine key={area.key} setUp={setUp} area={area} index={index} />
          ))}
        </ol>
        <UnstyledButton className={classes.add} data-testid="setup-area-add" onClick={setUp.addArea}>
          <Plus size={16} strokeWidth={2} aria-hidden />
          {t('areas.add')} <Kbd>Enter</Kbd>
        </UnstyledButton>
      </div>
      <TextInput
        {...plain}
        ref={setUp.register('terminalName')}
        className={classes.terminal}
        label={t('areas.terminal')}
        value={setUp.texts.terminalName}
        error={setUp.errorOf('terminalName')}
        data-testid="setup-terminal"
        onChange={(event) => setUp.type('terminalName', event.currentTarget.value)}
        onKeyDown={onEnter(setUp.next)}
      />
      <p className={classes.offline}>
        <CloudOff size={16} strokeWidth={1.75} aria-hidden />
        {t('areas.offline')}
      </p>
    </>
  );
}

function AreaLine({ setUp, area, index }: { setUp: SetUp; area: AreaTexts; index: number }) {
  const { t } = useTranslation('setup');
  const { areas } = setUp.texts;
  const n = index + 1;
  const goOn = () => {
    const following = areas[index + 1];
    if (following) setUp.focus(`area.${following.key}`);
    else if (area.name === '') setUp.focus('terminalName');
    else setUp.addArea();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isEmpty = area.name === '' && area.capacity === '';
    if (event.key === 'Backspace' && isEmpty && areas.length > 1 && !isComposing(event)) {
      event.preventDefault();
      setUp.removeArea(area.key);
    } else onEnter(goOn)(event);
  };
  return (
    <li className={classes.area}>
      <span className={classes.number} aria-hidden="true">
        {n}
      </span>
      <TextInput
        {...plain}
        ref={setUp.register(`area.${area.key}`)}
        autoFocus={index === 0}
        aria-label={t('areas.nth', { n })}
        placeholder={index === 0 ? t('areas.placeholder') : ''}
        value={area.name}
        error={setUp.errorOf(`area.${area.key}`)}
        data-testid={`setup-area-${n}`}
        onChange={(event) => setUp.typeArea(area.key, { name: event.currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      <TextInput
        {...plain}
        ref={setUp.register(`capacity.${area.key}`)}
        className={classes.capacity}
        aria-label={t('areas.nthCapacity', { n })}
        placeholder={t('areas.unlimited')}
        inputMode="numeric"
        value={area.capacity}
        error={setUp.errorOf(`capacity.${area.key}`)}
        data-testid={`setup-capacity-${n}`}
        onChange={(event) => setUp.typeArea(area.key, { capacity: event.currentTarget.value })}
        onKeyDown={onEnter(goOn)}
      />
      <UnstyledButton
        className={classes.remove}
        aria-label={t('areas.remove', { n })}
        title={t('areas.remove', { n })}
        disabled={areas.length === 1 && area.name === '' && area.capacity === ''}
        onClick={() => setUp.removeArea(area.key)}
      >
        <Trash2 size={16} strokeWidth={1.75} aria-hidden />
      </UnstyledButton>
    </li>
  );
}

export function StaffStep({ setUp }: { setUp: SetUp }) {
  const { t } = useTranslation('setup');
  return (
    <>
      <TextInput
        {...plain}
        ref={setUp.register('managerName')}
        autoFocus
        label={t('staff.name')}
        value={setUp.texts.managerName}
        error={setUp.errorOf('managerName')}
        data-testid="setup-manager"
        onChange={(event) => setUp.type('managerName', event.currentTarget.value)}
        onKeyDown={onEnter(() => setUp.focus('pin'))}
      />
      <div className={classes.pins}>
        <PasswordInput
          {...plain}
          ref={setUp.register('pin')}
          label={t('staff.pin')}
          description={t('staff.pinHint')}
          inputWrapperOrder={HINT_BELOW}
          inputMode="numeric"
          value={setUp.texts.pin}
          error={setUp.errorOf('pin')}
          data-testid="setup-pin"
          onChange={(event) => setUp.type('pin', event.currentTarget.value)}
          onKeyDown={onEnter(() => setUp.focus('pinAgain'))}
        />
        <PasswordInput
          {...plain}
          ref={setUp.register('pinAgain')}
          label={t('staff.pinAgain')}
          inputMode="numeric"
          value={setUp.texts.pinAgain}
          error={setUp.errorOf('pinAgain')}
          data-testid="setup-pin-again"
          onChange={(event) => setUp.type('pinAgain', event.currentTarget.value)}
          onKeyDown={onEnter(setUp.next)}
        />
      </div>
      <p className={classes.note}>{t('staff.note')}</p>
    </>
  );
}
