/** A part of a page of the guide, from one heading to the next. */
export interface GuideSection {
  /** Unique among all sections: the page's id, and the number of the section on it. */
  id: string;
  page: string;
  /** The page's title. */
  title: string;
  /** The section's own heading; the page's title for its beginning. */
  heading: string;
  text: string;
}

/** The marks of Markdown, which nobody searches for. */
const MARKS = /[*`#>_]|^[-\d.]+ /gm;

/** Splits a page at its headings. */
export function sectionsOf(page: string, markdown: string): GuideSection[] {
  const parts = markdown.split(/^(?=#{1,2} )/m).filter((part) => part.trim() !== '');
  const headingOf = (part: string) => /^#{1,2} (.*)$/m.exec(part)?.[1]?.trim() ?? '';
  const title = headingOf(parts[0] ?? '');
  return parts.map((part, index) => ({
    id: `${page}#${index}`,
    page,
    title,
    heading: headingOf(part),
    text: part
      .replace(/^#{1,2} .*$/m, '')
      .replaceAll(MARKS, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  }));
}

/** The words of a text in pieces of two letters, so that a part of a Korean word is found inside a longer one. */
export function pieces(text: string): string[] {
  const words =
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.flatMap((word) => {
    const letters = [...word];
    return letters.length < 2
      ? [word]
      : letters.slice(1).map((letter, index) => `${letters[index]}${letter}`);
  });
}
