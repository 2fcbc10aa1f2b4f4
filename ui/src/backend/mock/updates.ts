import type { NoUpdates, UpdateSetting, UpdatesView, UpdateTrial } from '../types';
import type { Scenario } from './scenario';
import { refuse, type World } from './world';

const TEXT_MAX = 500;
const RUNNING = '0.1.0';
const OFFERED = '0.2.0';
const DAY_MS = 86_400_000;

export interface MockUpdates {
  setting: UpdateSetting;
  unavailable: NoUpdates | null;
  /** What the last look has found. */
  found: 'nothing' | 'ready' | 'untrusted';
  installed: boolean;
}

export function seedUpdates({ updates, demonstration }: Scenario): MockUpdates {
  const isOn = updates === 'ready' || updates === 'untrusted';
  const unavailable = updates === 'notPackaged' || updates === 'administrator' ? updates : null;
  return {
    setting: {
      enabled: isOn,
      address: isOn ? 'https://updates.example.com/nosmoke-desk/latest.json' : '',
      key: isOn ? 'RWRPlpynDqKUH0LYajkJxYujEeD1f7oCuD4nJLYSJnLlQVfJMMznEfaK' : '',
    },
    unavailable: unavailable ?? (demonstration ? 'demonstration' : null),
    found: isOn ? updates : 'nothing',
    installed: false,
  };
}

export function updatesView({ updates }: World): UpdatesView {
  const { setting, unavailable, found, installed } = updates;
  return {
    setting,
    unavailable,
    version: RUNNING,
    lookedAt: found === 'nothing' ? null : Date.now() - DAY_MS / 2,
    problem: found === 'untrusted' ? { code: 'update_untrusted', params: { reason: 'signature' } } : null,
    ready:
      found === 'ready' && !installed
        ? {
            version: OFFERED,
            notes: '보고서가 더 빨리 열립니다.\n영수증을 다시 뽑을 수 있습니다.',
            sizeBytes: 31_457_280,
            path: '/home/desk/.local/share/app.nosmoke.desk/updates/nosmoke-desk_0.2.0.deb',
          }
        : null,
    installed: installed ? OFFERED : null,
  };
}

export function saveUpdates(world: World, input: UpdateSetting): UpdatesView {
  checkTexts(input);
  if (input.enabled) {
    checkAvailable(world);
    checkSource(input);
  }
  world.updates = { ...world.updates, setting: input, found: 'nothing' };
  return updatesView(world);
}

export function tryUpdates(world: World, input: UpdateSetting): UpdateTrial {
  checkTexts(input);
  checkAvailable(world);
  checkSource(input);
  return { version: OFFERED, isNewer: true };
}

export function installUpdate(world: World): UpdatesView {
  checkAvailable(world);
  const { ready } = updatesView(world);
  if (ready === null) throw refuse('update_not_installed', { reason: 'none', detail: '', path: '' });
  world.updates.installed = true;
  return updatesView(world);
}

function checkTexts({ address, key }: UpdateSetting): void {
  for (const [field, text] of [
    ['updates', address],
    ['updateKey', key],
  ] as const)
    if ([...text].length > TEXT_MAX) throw refuse('too_long', { field, max: TEXT_MAX });
}

function checkAvailable({ updates: { unavailable } }: World): void {
  if (unavailable !== null) throw refuse('updates_off', { reason: unavailable });
}

function checkSource({ address, key }: UpdateSetting): void {
  const isSafe = /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])[^\s@]+$/.test(address.trim());
  if (!isSafe) throw refuse('invalid_url', { field: 'updates' });
  if (!/^[A-Za-z0-9+/=]{56,}$/.test(key.trim())) throw refuse('invalid_update_key');
}
