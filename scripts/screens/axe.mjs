import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules of WCAG 2.2 up to AA and axe's best practices; targets of 24 px are among them. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Returns what axe finds on the page: the rule, and the first element of each kind. */
export async function axeFaults(browser) {
  await browser.execute(source);
  return browser.executeAsync((tags, done) => {
    window.axe
      .run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] })
      .then(({ violations }) =>
        done(
          violations.flatMap(({ id, nodes }) =>
            nodes.map(
              ({ target, failureSummary }) =>
                `${id}: ${target.join(' ')} ${failureSummary.split('\n')[1] ?? ''}`,
            ),
          ),
        ),
      )
      .catch((error) => done([`axe failed: ${error.message}`]));
  }, TAGS);
}

/** The theme is only an attribute, so each page is opened once for both. */
export const withTheme = (browser, theme) =>
  browser.execute((name) => {
    document.documentElement.setAttribute('data-mantine-color-scheme', name);
  }, theme);

export const LANGUAGES = ['ko', 'en'];
export const THEMES = ['light', 'dark'];

/** Returns the address of a scene in a language; null if the scene itself is of the other one. */
export function inLanguage(at, language) {
  const own = /language=(\w+)/.exec(at)?.[1];
  if (own) return own === language ? at : null;
  return language === 'ko' ? at : `${at}${at === '' ? '?' : '&'}language=${language}`;
}

/** The table of findings: a line for each scene, a column for each language and theme, and the totals. */
export function tableOf(rows) {
  const columns = LANGUAGES.flatMap((language) => THEMES.map((theme) => `${language} ${theme}`));
  const total = (column) => rows.reduce((sum, row) => sum + (row.found[column]?.length ?? 0), 0);
  const line = (name, cells) => `| ${name} | ${cells.join(' | ')} |`;
  const all = columns.reduce((sum, column) => sum + total(column), 0);
  return [
    line('scene', columns),
    line(
      '---',
      columns.map(() => '---:'),
    ),
    ...rows.map(({ name, found }) =>
      line(
        name,
        columns.map((column) => found[column]?.length ?? '–'),
      ),
    ),
    line('**all**', columns.map(total)),
    '',
    `${all} findings in ${rows.length} scenes`,
  ].join('\n');
}
