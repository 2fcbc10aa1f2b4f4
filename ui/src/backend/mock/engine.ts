import type { MypageEngine, MypageEngineInput, MypageEngineTrial } from '../types';
import { restart } from './services';
import { refuse, type World } from './world';

/** The setting for Mypage's database at this terminal. */
export interface MockEngine {
  kept: MypageEngine;
  password: string | null;
}

/**
 * Returns the setting with which a scenario begins: a SQLite file, or a server whose address and password are saved.
 */
export const engineOf = (engine: MypageEngine['engine']): MockEngine =>
  engine === 'sqlite'
    ? { kept: { engine }, password: null }
    : {
        kept: {
          engine,
          host: 'db.hanbit.internal',
          port: 5432,
          database: 'nosmoke',
          user: 'desk',
          transport: 'tls',
          caFile: '/etc/nosmoke/hanbit-ca.pem',
          passwordKept: true,
        },
        password: 'kept',
      };

export function tryEngine({ scenario }: World): MypageEngineTrial {
  const { trial } = scenario;
  if (!trial) return { version: '15.8', tookMs: 310, error: null };
  return { version: null, tookMs: 4_000, error: refuse(trial, { detail: 'connection refused' }) };
}

/** Saves the setting and restarts the mock, as the program reopens its data folder with the new database. */
export function saveEngine(world: World, input: MypageEngineInput): MypageEngine {
  const { engine } = world;
  if (input.password !== undefined) engine.password = input.password || null;
  const { engine: kept } = input;
  engine.kept = kept.engine === 'sqlite' ? kept : { ...kept, passwordKept: engine.password !== null };
  restart(world);
  return engine.kept;
}
