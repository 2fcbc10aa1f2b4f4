import { useTranslation } from 'react-i18next';
import type { Outcome } from '../../backend';
import { useCorrections } from '../data/corrections';
import { formatNumber } from '../format';
import { ErrorNotice, RecordConfirm } from '../parts';
import { useAreaName } from '../session';
import { useNow } from '../time';
import { useWords } from '../words';
import { useEditWords } from './editWords';
import { correctedBy, type Step } from './steps';

interface Props {
  step: Step;
  onClose: () => void;
  onDone: (outcome: Outcome) => void;
}

/** Asks before a step that no notice shows: whose it is, what it is, and when it was recorded. */
export function UndoDialog({ step, onClose, onDone }: Props) {
  const { t } = useTranslation('common');
  const { nameOf, clockOrDay, penaltyPoints } = useWords();
  const areaName = useAreaName();
  const editWords = useEditWords();
  const now = useNow();
  const { command, customer, about, direction } = step;
  const corrections = useCorrections(correctedBy(command));
  const kind = command.type === 'takeBackAreaCheckOut' ? 'takeBackCheckOut' : command.type;
  const refused = corrections.data?.find((one) => one.kind === kind)?.refused;
  const area = about.areaId === null ? null : (areaName(about.areaId) ?? t('unknownArea'));
  const what = [
    about.kind === 'customerEdited' ? t('undo.edited') : t(`factKind.${about.kind}`),
    area,
    about.points !== null && t('points', { value: formatNumber(Math.abs(about.points)) }),
    about.penaltyPoints !== null && penaltyPoints(Math.abs(about.penaltyPoints)),
    clockOrDay(about.at, now),
  ];
  const who = customer ? nameOf(customer) : t('walkIn');
  const title =
    about.together > 1
      ? t(`undo.${direction}Together`, {
          area: area ?? t('unknownArea'),
          value: formatNumber(about.together),
        })
      : t(`undo.${direction}Title`, { name: who });
  return (
    <RecordConfirm
      testid={`${direction}-dialog`}
      title={title}
      text={what.filter(Boolean).join(' · ')}
      submit={t(`undo.${direction}`)}
      command={command}
      onClose={onClose}
      onDone={onDone}
    >
      {refused && <ErrorNotice error={refused} />}
      {about.edit &&
        editWords(about.edit).map((line) => (
          <p key={line} data-testid="undo-edit">
            {line}
          </p>
        ))}
    </RecordConfirm>
  );
}
