import { Modal, Radio, TextInput, UnstyledButton } from '@mantine/core';
import { ShieldAlert } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AreaOccupancy, Command, CustomerCard, Outcome, OverrideReason } from '../../../backend';
import { useOccupancy } from '../../../shared/data/queries';
import { useAction } from '../../../shared/data/useAction';
import { formatNumber } from '../../../shared/format';
import { useHotkeys } from '../../../shared/hotkeys';
import { isComposing } from '../../../shared/inputMethod';
import { isFull } from '../../../shared/inside/isFull';
import { ErrorNotice, Kbd, KeyHint, Tag } from '../../../shared/parts';
import { useChoiceKeys } from '../../../shared/scan/choiceKeys';
import { useWords } from '../../../shared/words';
import { defaultArea } from '../areas';
import { readLastArea, rememberArea } from '../lastArea';
import { findAreas, KEYS_MAX } from './areaSearch';
import classes from './dialogs.module.css';

interface Props {
  /** The customer to check in; null for a walk-in, whom the check-in registers without a name. */
  card: CustomerCard | null;
  onClose: () => void;
  onDone: (outcome: Outcome, command: Command) => void;
}

const reasons: OverrideReason[] = ['medical', 'emergency', 'facility_order', 'other'];

/**
 * Asks for the area of a check-in: the user presses the area's number, or Enter for the area used last. Of more than nine
 * areas, one is found by typing a part of its name or its number.
 */
export function AreaPicker({ card, onClose, onDone }: Props) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { nameOf } = useWords();
  const { data: occupancy } = useOccupancy();
  const { run, isPending, error } = useAction();
  const [reason, setReason] = useState<OverrideReason | null>(null);
  const [isReasonMissing, setIsReasonMissing] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const targetLine = useId();
  const areas = occupancy?.areas ?? [];
  const isMany = areas.length > KEYS_MAX;
  const [text, setText] = useState('');
  const found = findAreas(areas, isMany ? text : '');
  const isBanned = card?.verdict.standing === 'PROHIBITED';
  const target =
    text === '' ? defaultArea(areas) : found.map(({ occupancy }) => occupancy).find((area) => !isFull(area));
  const last = readLastArea();
  const targetId = target?.area.areaId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another target is the reason to scroll.
  useEffect(() => {
    list.current?.querySelector('[data-target]')?.scrollIntoView?.({ block: 'nearest' });
  }, [targetId]);

  const choose = async (chosen: AreaOccupancy | undefined) => {
    if (!chosen || isFull(chosen) || isPending) return;
    if (isBanned && !reason) return setIsReasonMissing(true);
    const { areaId } = chosen.area;
    const command: Command = {
      type: 'checkIn',
      areaId,
      ...(card && { customerId: card.customer.customerId }),
      ...(isBanned && reason && { admission: reason }),
    };
    const outcome = await run(command);
    if (!outcome) return;
    rememberArea(areaId);
    onDone(outcome, command);
  };

  useChoiceKeys(
    Object.fromEntries(
      (isMany ? [] : areas).map((area, index) => [String(index + 1), () => void choose(area)]),
    ),
    { inDialog: true },
  );
  useHotkeys(
    {
      Enter: ({ target: at, repeat }) => {
        if (at instanceof HTMLButtonElement && list.current?.contains(at) && !repeat) return false;
        if (!repeat) void choose(target);
      },
    },
    { inDialog: true },
  );

  const onArrow = (event: KeyboardEvent) => {
    if (isComposing(event) || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>('button:not(:disabled)') ?? [])];
    const index = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[index + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
    event.preventDefault();
  };

  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={card ? t('picker.title') : t('picker.walkInTitle')}
      data-testid="area-picker"
    >
      <p className={classes.lead}>
        {card ? common('namePlain', { name: nameOf(card.customer) }) : t('picker.walkInText')}
      </p>
      {isBanned && (
        <div className={classes.override} data-testid="override">
          <p className={classes.overrideTitle}>
            <ShieldAlert size={16} strokeWidth={2} aria-hidden />
            {t('picker.overrideTitle')}
          </p>
          <p className={classes.small}>{t('picker.overrideText')}</p>
          <Radio.Group
            aria-label={t('picker.reason')}
            value={reason}
            onChange={(value) => setReason(value as OverrideReason)}
          >
            <div className={classes.reasons}>
              {reasons.map((one, index) => (
                <Radio
                  key={one}
                  value={one}
                  label={common(`overrideReason.${one}`)}
                  data-testid={`override-${one}`}
                  data-autofocus={index === 0 || undefined}
                />
              ))}
            </div>
          </Radio.Group>
          {isReasonMissing && !reason && (
            <p className={classes.problem} role="alert" data-testid="override-needed">
              {t('picker.reasonFirst')}
            </p>
          )}
        </div>
      )}
      {isMany && (
        <TextInput
          className={classes.findArea ?? ''}
          aria-label={t('picker.find')}
          aria-describedby={targetLine}
          placeholder={t('picker.find')}
          autoComplete="off"
          spellCheck={false}
          data-autofocus={!isBanned || undefined}
          data-testid="area-find"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onArrow}
        />
      )}
      {isMany && (
        <p id={targetLine} className="visually-hidden" role="status">
          {target && t('picker.target', { area: target.area.name })}
        </p>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the handler only moves the focus between the buttons. */}
      <div ref={list} className={classes.areas} data-busy={isPending || undefined} onKeyDown={onArrow}>
        {found.map(({ number, occupancy: area }) => (
          <UnstyledButton
            key={area.area.areaId}
            className={classes.area}
            data-testid={`pick-${number}`}
            data-autofocus={(area === target && !isBanned && !isMany) || undefined}
            data-target={(isMany && area === target) || undefined}
            disabled={isFull(area)}
            onKeyDown={(event) => event.repeat && event.key === 'Enter' && event.preventDefault()}
            onClick={() => void choose(area)}
          >
            <Kbd>{number}</Kbd>
            <span className={`one-line ${classes.areaName}`} title={area.area.name} data-named>
              {area.area.name}
            </span>
            {area.area.areaId === last && !isFull(area) && <Tag>{t('picker.last')}</Tag>}
            <span className={classes.areaFill}>
              {isFull(area) && <strong>{t('picker.full')} </strong>}
              {area.area.capacity === null
                ? t('inside.unlimited', { present: formatNumber(area.present) })
                : t('inside.fill', {
                    present: formatNumber(area.present),
                    capacity: formatNumber(area.area.capacity),
                  })}
            </span>
          </UnstyledButton>
        ))}
      </div>
      {found.length === 0 && <p className={classes.small}>{t('picker.none')}</p>}
      {error && <ErrorNotice error={error} />}
      <p className={classes.hint}>
        <KeyHint keys={[areas.length > 1 ? `1–${areas.length}` : '1', 'Enter']}>{t('picker.hint')}</KeyHint>
      </p>
    </Modal>
  );
}
