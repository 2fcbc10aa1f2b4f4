import { ActionIcon, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Search, X } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import Markdown from 'react-markdown';
import { useNavigation } from '../../shared/navigation';
import { useLanguage } from '../../shared/preferences';
import classes from './Guide.module.css';
import { type GuidePage, pageOfScreen, readGuide } from './pages';
import { guideSearch } from './search';

/** Letters of a section that are shown where it is found. */
const EXCERPT_MAX = 90;
const NO_PAGES: readonly GuidePage[] = [];

/** The guide, beside the screen that it is about. */
export default function Guide({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('app');
  const language = useLanguage();
  const { screen } = useNavigation();
  const { data: pages = NO_PAGES } = useQuery({
    queryKey: ['guide', language],
    queryFn: () => readGuide(language),
  });
  const search = useMemo(() => guideSearch(pages), [pages]);
  const [chosen, setChosen] = useState<{ page: string; heading: string | null }>(() => ({
    page: pageOfScreen(screen),
    heading: null,
  }));
  const [text, setText] = useState('');
  const body = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setChosen({ page: pageOfScreen(screen), heading: null }), [screen]);
  useEffect(() => field.current?.focus(), []);
  const isSearching = text.trim() !== '';
  const found = isSearching ? search(text) : [];
  const page = pages.find(({ id }) => id === chosen.page);
  useEffect(() => {
    if (isSearching || !page) return;
    const headings = [...(body.current?.querySelectorAll('h1, h2') ?? [])];
    headings.find(({ textContent }) => textContent === chosen.heading)?.scrollIntoView({ block: 'start' });
    if (chosen.heading === null && body.current) body.current.scrollTop = 0;
  }, [isSearching, page, chosen]);
  const open = (id: string, heading: string | null = null) => {
    setText('');
    setChosen({ page: id, heading });
  };
  return (
    <aside
      className={classes.guide}
      aria-label={t('guide.title')}
      data-testid="guide"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // The screen beside it keeps what it has.
        event.stopPropagation();
        onClose();
      }}
    >
      <header className={classes.head}>
        <h2>{t('guide.title')}</h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={28}
          aria-label={t('guide.close')}
          data-testid="guide-close"
          onClick={onClose}
        >
          <X size={18} strokeWidth={1.75} aria-hidden />
        </ActionIcon>
        <TextInput
          ref={field}
          className={classes.search}
          leftSection={<Search size={16} strokeWidth={1.75} />}
          aria-label={t('guide.search')}
          placeholder={t('guide.search')}
          value={text}
          autoComplete="off"
          spellCheck={false}
          data-search
          data-testid="guide-search"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <NativeSelect
          className={classes.pages}
          aria-label={t('guide.page')}
          value={chosen.page}
          data={pages.map(({ id, title }) => ({ value: id, label: title }))}
          data-testid="guide-page"
          onChange={(event) => open(event.currentTarget.value)}
        />
      </header>
      {/* It scrolls, also by keys. */}
      <div
        ref={body}
        className={classes.body}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keys.
        tabIndex={0}
        role="region"
        aria-label={page?.title ?? t('guide.title')}
      >
        {isSearching ? (
          <>
            <p role="status">{t('guide.found', { value: found.length, count: found.length })}</p>
            <ul className={classes.found}>
              {found.map(({ id, page: of, title, heading, text: words }) => (
                <li key={id}>
                  <button type="button" data-testid="guide-found" onClick={() => open(of, heading)}>
                    <strong>{heading === title ? title : `${title} › ${heading}`}</strong>
                    <span>{words.length > EXCERPT_MAX ? `${words.slice(0, EXCERPT_MAX)}…` : words}</span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        ) : (
          page && <Markdown components={{ a: Plain, img: Plain }}>{page.markdown}</Markdown>
        )}
      </div>
    </aside>
  );
}

/** Links and pictures lead nowhere: the window shows nothing but the program. */
function Plain({ children }: { children?: ReactNode }) {
  return <>{children}</>;
}
