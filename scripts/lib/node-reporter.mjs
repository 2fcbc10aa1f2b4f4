/** A reporter for Node's test runner. Writes one line of JSON for each test that has no subtests. */
export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details.type === 'suite' || data.details.error?.failureType === 'subtestsFailed') continue;
    const { name, file, details } = data;
    const cause = details.error?.cause;
    const event = type === 'test:pass' ? 'ok' : 'failed';
    const stdout = event === 'ok' ? undefined : `${file}\n${cause?.stack ?? cause ?? details.error}`;
    yield `${JSON.stringify({ type: 'test', name, event, exec_time: details.duration_ms / 1000, stdout })}\n`;
  }
}
