import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the result of a test runner: `{ passed, failed, tests }`, each test `{ name, seconds, failure }`. A runner
 * that failed without naming a test, or that ran no test, counts as one failure.
 */

export const asOne = ({ code }) => (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

/**
 * Parses reports with one JSON object a line, as libtest and `node-reporter.mjs` write them: a single file, or a folder
 * with one file for each test binary.
 */
export const jsonLines =
  ({ file, folder }) =>
  (outcome) => {
    const files = folder === undefined ? [file] : filesOf(folder);
    const reports = files.map((path) => testsIn(path));
    const tests = reports.flatMap(({ tests }) => tests);
    // The report of a test binary that crashed lacks the event that ends its suite.
    const crashed = reports.filter(({ complete }) => !complete).length;
    return believed(tests, outcome.code, crashed);
  };

export const vitest = (report) => (outcome) => {
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const tests = testResults.flatMap(({ assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'passed' || status === 'failed')
        .map(({ fullName, status, duration, failureMessages }) => ({
          name: fullName,
          seconds: (duration ?? 0) / 1000,
          ...(status === 'failed' ? { failure: failureMessages.join('\n') } : {}),
        })),
    );
    return believed(tests, outcome.code);
  } catch {
    return believed([], outcome.code);
  }
};

/** Counts documentation tests from rustdoc's text output; rustdoc offers no JSON for them. */
export function docTests({ code, text }) {
  let [passed, failed] = [0, 0];
  for (const [, good, bad] of text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed;/gm)) {
    passed += Number(good);
    failed += Number(bad);
  }
  const silent = (code !== 0 && failed === 0) || (code === 0 && passed === 0);
  return { passed, failed: failed + (silent ? 1 : 0) };
}

function filesOf(folder) {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function testsIn(path) {
  const events = linesOf(path).flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      // Ignore lines printed by a test's child process.
      return [];
    }
  });
  const ended = events.filter(({ type, event }) => type === 'test' && (event === 'ok' || event === 'failed'));
  const tests = ended.map(({ name, event, exec_time, stdout }) => ({
    name,
    seconds: exec_time ?? 0,
    ...(event === 'failed' ? { failure: stdout ?? '' } : {}),
  }));
  const suites = (of) => events.filter(({ type, event }) => type === 'suite' && of(event)).length;
  return {
    tests,
    complete: suites((event) => event === 'started') === suites((event) => event !== 'started'),
  };
}

function linesOf(path) {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function believed(tests, code, crashed = 0) {
  const bad = tests.filter(({ failure }) => failure !== undefined).length + crashed;
  const passed = tests.length + crashed - bad;
  const silent = (code !== 0 && bad === 0) || (code === 0 && passed === 0);
  return { passed, failed: bad + (silent ? 1 : 0), tests };
}
