/** Returns the differences between two answers, each as `path: mock …, real …`. */
export function differences(onMock: unknown, onReal: unknown, path = ''): string[] {
  if (isTree(onMock) && isTree(onReal)) {
    const names = new Set([...Object.keys(onMock), ...Object.keys(onReal)]);
    return [...names].flatMap((name) =>
      differences(onMock[name], onReal[name], path === '' ? name : `${path}.${name}`),
    );
  }
  if (Object.is(onMock, onReal)) return [];
  return [`${path || 'all'}: mock ${shown(onMock)}, real ${shown(onReal)}`];
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
