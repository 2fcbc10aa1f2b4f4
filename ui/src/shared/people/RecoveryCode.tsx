import { Button, Checkbox } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Copy, Printer, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHotkeys } from '../hotkeys';
import type { Layer } from '../layers';
import { Kbd } from '../parts';
import { useLanguage } from '../preferences';
import { formatMoment } from '../time';
import classes from './people.module.css';

const GROUP_LETTERS = 5;

/** The code in groups, as people read and type it. */
const groupsOf = (code: string): string[] =>
  code.replaceAll(/[\s-]/g, '').match(new RegExp(`.{1,${GROUP_LETTERS}}`, 'g')) ?? [];

interface Props {
  code: string;
  facilityName: string;
  layer?: Layer;
  inDialog?: boolean;
  onKept: () => void;
}

/** Shows a recovery code, which is shown once: to print or copy it, and to confirm that it was kept. */
export function RecoveryCode({ code, facilityName, layer, inDialog = false, onKept }: Props) {
  const { t } = useTranslation('people');
  const language = useLanguage();
  const clipboard = useClipboard({ timeout: 2_000 });
  const [isKept, setIsKept] = useState(false);
  const [madeAt] = useState(() => Date.now());
  const goOn = () => isKept && onKept();
  useHotkeys({ 'Ctrl Enter': goOn }, { layer, inDialog });
  useEffect(() => {
    document.body.dataset.printing = 'code';
    return () => {
      delete document.body.dataset.printing;
    };
  }, []);
  const groups = groupsOf(code);
  return (
    <div className={classes.code} data-testid="recovery-code">
      <div className={classes.codeSheet} data-print>
        <p className={classes.codeWhere}>{t('code.of', { facility: facilityName })}</p>
        <p className={classes.codeWords} data-selectable data-testid="recovery-code-text">
          {groups.map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the groups of one code never move.
            <span key={index}>{group}</span>
          ))}
        </p>
        <p className={classes.codeWhere}>{t('code.made', { time: formatMoment(madeAt, language) })}</p>
      </div>
      <p className={classes.caution}>
        <TriangleAlert size={16} strokeWidth={1.75} aria-hidden />
        <span>{t('code.once')}</span>
      </p>
      <div className={classes.codeActions}>
        <Button
          size="md"
          variant="default"
          autoFocus
          leftSection={<Printer size={16} strokeWidth={1.75} />}
          data-testid="recovery-code-print"
          onClick={() => window.print()}
        >
          {t('code.print')}
        </Button>
        <Button
          size="md"
          variant="default"
          leftSection={<Copy size={16} strokeWidth={1.75} />}
          data-testid="recovery-code-copy"
          onClick={() => clipboard.copy(groups.join('-'))}
        >
          {t(clipboard.copied ? 'code.copied' : 'code.copy')}
        </Button>
      </div>
      <Checkbox
        checked={isKept}
        label={t('code.kept')}
        data-testid="recovery-code-kept"
        onChange={(event) => setIsKept(event.currentTarget.checked)}
      />
      <div className={classes.codeActions}>
        <Button
          size="md"
          disabled={!isKept}
          rightSection={<Kbd {...(isKept ? { on: 'accent' as const } : {})}>Ctrl Enter</Kbd>}
          data-testid="recovery-code-go-on"
          onClick={goOn}
        >
          {t('code.goOn')}
        </Button>
      </div>
    </div>
  );
}
