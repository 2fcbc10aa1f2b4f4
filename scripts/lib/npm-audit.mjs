const DAY_MS = 86_400_000;
/** How long an exception holds; after that, somebody must look again. */
const EXCEPTION_DAYS = 180;

/**
 * Judges the JSON of `npm audit`. Each exception is `{ id, since, reason }`: an advisory's id (`GHSA-…`), the day on which it was
 * accepted, and why. Returns what must be fixed and what is only worth a line.
 */
export function judge(text, exceptions, now) {
  let report;
  try {
    report = JSON.parse(text.slice(text.indexOf('{')));
  } catch {
    return { problems: [`npm audit gave no report: ${text.trim().slice(0, 300)}`], notes: [] };
  }
  if (report.vulnerabilities === undefined) {
    const reason = report.message ?? report.error?.summary ?? 'no reason given';
    return { problems: [`npm audit could not ask its server: ${reason}`], notes: [] };
  }
  const found = new Map();
  for (const { via } of Object.values(report.vulnerabilities)) {
    // A text names another package of the report, which has the advisory.
    for (const advisory of via.filter((it) => typeof it !== 'string')) {
      const id = advisory.url.split('/').at(-1);
      found.set(id, `${id} ${advisory.severity} ${advisory.name}: ${advisory.title}`);
    }
  }
  const [problems, notes] = [[], []];
  for (const [id, line] of found) {
    const exception = exceptions.find((it) => it.id === id);
    const days = exception && (now - Date.parse(exception.since)) / DAY_MS;
    if (exception === undefined) problems.push(line);
    else if (!(days < EXCEPTION_DAYS)) problems.push(`${line} (accepted on ${exception.since}: look again)`);
    else notes.push(`${line} (accepted on ${exception.since}: ${exception.reason})`);
  }
  for (const { id } of exceptions)
    if (!found.has(id)) notes.push(`the exception ${id} isn't needed any more`);
  return { problems, notes };
}
