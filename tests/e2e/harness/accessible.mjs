import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Debian's own Python, for which its packages are. */
const PYTHON = '/usr/bin/python3';
const reader = fileURLToPath(new URL('accessible_tree.py', import.meta.url));

/** Why the accessibility tree can't be read here; false if it can. */
export function cannotReadTree() {
  try {
    execFileSync(PYTHON, ['-c', 'import pyatspi'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'python3-pyatspi is not installed';
  }
}

/** The environment in which the window shows its tree, which other tests keep quiet. */
export const READABLE = { NO_AT_BRIDGE: undefined };

/** What is another one in each run. */
const PASSING = [
  [/\d{4}[.-]\d{2}[.-]\d{2}/g, 'DATE'],
  [/\d{4}년 \d{1,2}월/g, 'MONTH'],
  [/\d{1,2}월 \d{1,2}일/g, 'DAY'],
  [/[일월화수목금토]요일|\([일월화수목금토]\)/g, 'WEEKDAY'],
  [/\b\d{1,2}:\d{2}(:\d{2})?/g, 'TIME'],
  [/\b\d{1,2}\.\d{1,2} WEEKDAY/g, 'DAY WEEKDAY'],
  [/방금|\d+초( 전)?|\d+분( 전| 미만)?/g, 'AGO'],
];

/** Returns the tree of a window's page as a screen reader gets it. */
export function treeOf(desk) {
  const bus = readFileSync(`/proc/${desk.processId()}/environ`, 'utf8')
    .split('\0')
    .find((entry) => entry.startsWith('DBUS_SESSION_BUS_ADDRESS='));
  const tree = execFileSync(PYTHON, [reader, String(desk.processId())], {
    env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: bus.slice(bus.indexOf('=') + 1), NO_AT_BRIDGE: '1' },
    encoding: 'utf8',
  });
  return PASSING.reduce((text, [pattern, word]) => text.replaceAll(pattern, word), tree);
}

/** Returns the kept tree of this name. With NOSMOKE_KEEP_TREES=1 this one is kept first. */
export function keptTree(name, tree) {
  const path = fileURLToPath(new URL(`../accessible/${name}.txt`, import.meta.url));
  if (process.env.NOSMOKE_KEEP_TREES === '1') writeFileSync(path, tree);
  if (!existsSync(path)) throw new Error(`${path} is missing: keep the trees with NOSMOKE_KEEP_TREES=1`);
  return readFileSync(path, 'utf8');
}
