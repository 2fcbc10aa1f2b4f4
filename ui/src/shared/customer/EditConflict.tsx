import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './customer.module.css';
import { FIELDS, type ProfileTexts } from './profile';

interface EditConflictProps {
  mine: ProfileTexts;
  theirs: ProfileTexts;
  isSaving: boolean;
  onMine: () => void;
  onTheirs: () => void;
}

/**
 * Shown if someone else has saved the customer during the edit: both versions side by side, of which the user chooses.
 */
export function EditConflict({ mine, theirs, isSaving, onMine, onTheirs }: EditConflictProps) {
  const { t } = useTranslation('common');
  return (
    <div className={classes.meanwhile} role="alert" data-testid="customer-meanwhile">
      <p className={classes.meanwhileTitle}>{t('meanwhile.title')}</p>
      <p>{t('meanwhile.explain')}</p>
      <table className={classes.compare}>
        <thead>
          <tr>
            <th>{t('meanwhile.field')}</th>
            <th>{t('meanwhile.mine')}</th>
            <th>{t('meanwhile.theirs')}</th>
          </tr>
        </thead>
        <tbody>
          {FIELDS.map((field) => (
            <tr key={field} data-differs={mine[field] !== theirs[field] || undefined}>
              <th scope="row">{t(`customerForm.${field}`)}</th>
              <td>{mine[field] || t('meanwhile.nothing')}</td>
              <td>{theirs[field] || t('meanwhile.nothing')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={classes.choices}>
        <Button
          size="md"
          variant="default"
          loading={isSaving}
          data-testid="customer-keep-mine"
          onClick={onMine}
        >
          {t('meanwhile.keepMine')}
        </Button>
        <Button size="md" variant="default" data-testid="customer-take-theirs" onClick={onTheirs}>
          {t('meanwhile.takeTheirs')}
        </Button>
      </div>
    </div>
  );
}
