import { Select, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Command, CustomerCard, Outcome, PenaltyCode } from '../../../backend';
import { useAction } from '../../../shared/data/useAction';
import { formatNumber, parseWhole } from '../../../shared/format';
import { codeName } from '../../../shared/openWords';
import { Kbd, PenaltyPoints } from '../../../shared/parts';
import { useChoiceKeys } from '../../../shared/scan/choiceKeys';
import { useSession } from '../../../shared/session';
import { ChoiceCards } from './ChoiceCards';
import classes from './dialogs.module.css';
import { NoteField, RecordDialog } from './RecordDialog';
import { StandingPreview } from './StandingPreview';

interface Props {
  card: CustomerCard;
  onClose: () => void;
  onDone: (outcome: Outcome, command: Command) => void;
}

const OWN_POINTS_MAX = 1_000;

type Chosen = PenaltyCode | 'own';

/** Imposes a penalty by its code, or with freely chosen points. */
export function ImposeDialog({ card, onClose, onDone }: Props) {
  const { t } = useTranslation('desk');
  const { t: common } = useTranslation('common');
  const { rules, areas } = useSession();
  const { run, isPending, error } = useAction();
  const [chosen, setChosen] = useState<Chosen>('BASIC');
  const [text, setText] = useState('');
  const [areaId, setAreaId] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const ownInput = useRef<HTMLInputElement>(null);

  const own = parseWhole(text);
  const points = chosen === 'own' ? own : (rules.codes.find(({ code }) => code === chosen)?.points ?? null);
  const isValid = points !== null && points >= 1 && (chosen !== 'own' || points <= OWN_POINTS_MAX);

  const choose = (next: Chosen) => {
    setChosen(next);
    if (next === 'own') setTimeout(() => ownInput.current?.focus());
  };
  const isWriting = (target: EventTarget | null) =>
    target instanceof HTMLInputElement && target.type === 'text';
  useChoiceKeys(
    Object.fromEntries(
      [...rules.codes.map(({ code }) => code), 'own' as const].map((value, index) => [
        String(index + 1),
        () => choose(value),
      ]),
    ),
    { inDialog: true, unless: ({ target }) => isWriting(target) },
  );

  const submit = async () => {
    if (!isValid) return;
    const command: Command = {
      type: 'imposePenalty',
      customerId: card.customer.customerId,
      ...(chosen === 'own' ? { points } : { code: chosen }),
      ...(areaId !== null && { areaId }),
      ...(note !== '' && { note }),
    };
    const outcome = await run(command);
    if (outcome) onDone(outcome, command);
  };

  return (
    <RecordDialog
      name="impose"
      title={t('impose.title')}
      size={560}
      customer={card.customer}
      error={error}
      isPending={isPending}
      canSubmit={isValid}
      submitLabel={isValid ? t('impose.submit', { points: formatNumber(points) }) : t('impose.submitPlain')}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <ChoiceCards<Chosen>
        label={t('impose.code')}
        testid="impose-code"
        autoFocus
        value={chosen}
        onChange={choose}
        choices={[
          ...rules.codes.map(({ code, points: value }, index) => ({
            value: code,
            main: <PenaltyPoints value={value} />,
            detail: codeName(common, code),
            aside: <Kbd>{index + 1}</Kbd>,
          })),
          {
            value: 'own' as const,
            main: t('impose.own'),
            detail: t('impose.ownHint'),
            aside: <Kbd>{rules.codes.length + 1}</Kbd>,
          },
        ]}
      />
      {chosen === 'own' && (
        <TextInput
          ref={ownInput}
          label={t('impose.points')}
          data-testid="impose-points"
          inputMode="numeric"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={text !== '' && !isValid ? t('impose.range') : null}
        />
      )}
      <div className={classes.twoColumns}>
        <Select
          label={t('impose.area')}
          data-testid="impose-area"
          value={areaId ?? ''}
          onChange={(value) => setAreaId(value || null)}
          allowDeselect={false}
          data={[
            { value: '', label: t('impose.noArea') },
            ...areas.map((area) => ({ value: area.areaId, label: area.name })),
          ]}
        />
        <NoteField testid="impose-note" label={t('impose.note')} value={note} onChange={setNote} />
      </div>
      <StandingPreview
        label={t('impose.after')}
        verdict={card.verdict}
        outstanding={card.verdict.outstanding + (isValid ? points : 0)}
      />
    </RecordDialog>
  );
}
