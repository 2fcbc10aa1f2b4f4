import { Button } from '@mantine/core';
import { PencilOff } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EditedField, OvertakenEditView } from '../../backend';
import { useNavigation } from '../../shared/navigation';
import { CustomerNameText } from '../../shared/parts';
import { useNow } from '../../shared/time';
import { useWords } from '../../shared/words';
import { type Asked, InboxItem } from './InboxItem';
import classes from './Review.module.css';

/** An edit of this terminal that another terminal overtook: what was typed beside what counts now. */
export function EditCard({
  view,
  isOpen,
  onToggle,
}: {
  view: OvertakenEditView;
  isOpen: boolean;
  onToggle: () => void;
}) {
  const { t } = useTranslation('review');
  const { go } = useNavigation();
  const { clockOrDay } = useWords();
  const now = useNow();
  const [asked, setAsked] = useState<Asked | null>(null);
  const { editId, kind, customer, name, editedAt, fields, canTake } = view;
  const ask = (type: 'takeEdit' | 'dropEdit') =>
    setAsked({ title: t(`edit.${type}`), text: t(`edit.${type}Text`), command: { type, kind, editId } });
  return (
    <InboxItem
      name="edit"
      marks={{ 'data-kind': kind }}
      icon={PencilOff}
      title={t('edit.title')}
      who={
        <>
          {t(`edit.kind.${kind}`)} · {customer ? <CustomerNameText customer={customer} /> : name}
          {editedAt !== null && ` · ${clockOrDay(editedAt, now)}`}
        </>
      }
      isOpen={isOpen}
      onToggle={onToggle}
      asked={asked}
      onAnswered={() => setAsked(null)}
    >
      <p>{t(canTake ? 'edit.story' : 'edit.storyElsewhere')}</p>
      <table className={classes.edits}>
        <thead>
          <tr>
            <th scope="col">{t('edit.field')}</th>
            <th scope="col">{t('edit.mine')}</th>
            <th scope="col">{t('edit.now')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <Row key={field.field} field={field} />
          ))}
        </tbody>
      </table>
      <div className={classes.acts}>
        {canTake && (
          <Button data-testid="edit-take" onClick={() => ask('takeEdit')}>
            {t('edit.takeEdit')}
          </Button>
        )}
        <Button variant="default" data-testid="edit-drop" onClick={() => ask('dropEdit')}>
          {t('edit.dropEdit')}
        </Button>
        {customer ? (
          <Button variant="subtle" onClick={() => go('mypage', customer.customerId)}>
            {t('toMypage')}
          </Button>
        ) : (
          <Button variant="subtle" onClick={() => go('areas')}>
            {t('edit.toSettings')}
          </Button>
        )}
      </div>
    </InboxItem>
  );
}

function Row({ field: { field, mine, now } }: { field: EditedField }) {
  const { t } = useTranslation('review');
  const nothing = t('edit.nothing');
  return (
    <tr data-testid="edit-field" data-field={field}>
      <th scope="row">{t(`edit.fields.${field}` as 'edit.fields.name', { defaultValue: field })}</th>
      <td>{mine ?? nothing}</td>
      <td>{now ?? nothing}</td>
    </tr>
  );
}
