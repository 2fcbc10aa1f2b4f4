import { describe, expect, it } from 'vitest';
import { refuseDrops } from './refuseDrops';

const drop = (types: string[]) => {
  const target = new EventTarget();
  refuseDrops(target);
  const event = new Event('drop', { cancelable: true });
  Object.assign(event, { dataTransfer: { types, dropEffect: 'copy' } });
  target.dispatchEvent(event);
  return event.defaultPrevented;
};

describe('Drops on the window', () => {
  it('are ignored for files and links, and left alone for text', () => {
    expect(drop(['Files'])).toBe(true);
    expect(drop(['text/uri-list', 'text/plain'])).toBe(true);
    expect(drop(['text/plain'])).toBe(false);
  });
});
