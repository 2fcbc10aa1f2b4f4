import { describe, expect, it } from 'vitest';
import { DEFAULTS, fromJson, KEY_ACTS, problemOf, toJson } from './bindings';

describe('Keys', () => {
  it('have no conflict among themselves at first', () => {
    for (const act of KEY_ACTS) expect(problemOf(DEFAULTS[act], act, DEFAULTS)).toBeNull();
  });

  it.each([
    ['F4', { problem: 'taken', by: 'pay' }],
    ['Ctrl K', { problem: 'fixed', by: 'palette' }],
    ['Ctrl C', { problem: 'fixed', by: 'editing' }],
    ['F1', { problem: 'unsuitable' }],
    ['F5', { problem: 'unsuitable' }],
    ['toString', { problem: 'unsuitable' }],
    ['F10', { problem: 'unsuitable' }],
    ['A', { problem: 'unsuitable' }],
    ['Enter', { problem: 'unsuitable' }],
    ['Alt 1', { problem: 'unsuitable' }],
    ['Ctrl Alt Q', { problem: 'unsuitable' }],
    ['F12', null],
    ['Ctrl Q', null],
  ])('refuse what is taken or types a text: %s', (key, problem) => {
    expect(problemOf(key, 'checkIn', DEFAULTS)).toEqual(problem);
  });

  it('are read as they were written', () => {
    const changed = { ...DEFAULTS, checkIn: 'F12', pay: 'Ctrl P' };
    expect(fromJson(toJson(changed))).toEqual({ bindings: changed });
    expect(fromJson('{"format":"nosmoke-keys-1","keys":{"pay":"F12"}}')).toEqual({
      bindings: { ...DEFAULTS, pay: 'F12' },
    });
  });

  it.each([
    ['not JSON', 'JSON'],
    ['[]', 'JSON'],
    ['{}', 'format'],
    ['{"format":"nosmoke-keys-2","keys":{}}', 'format'],
    ['{"format":"nosmoke-keys-1","keys":{},"more":1}', 'more'],
    ['{"format":"nosmoke-keys-1","keys":[]}', 'keys'],
    ['{"format":"nosmoke-keys-1","keys":{"dance":"F2"}}', 'dance'],
    ['{"format":"nosmoke-keys-1","keys":{"toString":"F2"}}', 'toString'],
    ['{"format":"nosmoke-keys-1","keys":{"pay":4}}', 'pay'],
    ['{"format":"nosmoke-keys-1","keys":{"pay":"F2"}}', 'checkIn: F2'],
    ['{"format":"nosmoke-keys-1","keys":{"pay":"Ctrl K"}}', 'pay: Ctrl K'],
  ])('are refused with what isn’t understood: %s', (text, unknown) => {
    expect(fromJson(text)).toEqual({ unknown });
  });
});
