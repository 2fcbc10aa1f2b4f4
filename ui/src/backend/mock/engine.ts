import type { MypageEngine, MypageEngineInput, MypageEngineTrial } from '../types';
import { refuse, type World } from './world';

/** Where this terminal keeps Mypage's lines. */
export interface MockEngine {
  kept: MypageEngine;
  password: string | null;
}

/** What the program begins with, or a server that it was told of before. */
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

export function saveEngine({ engine }: World, input: MypageEngineInput): MypageEngine {
  if (input.password !== undefined) engine.password = input.password || null;
  const { engine: kept } = input;
  engine.kept = kept.engine === 'sqlite' ? kept : { ...kept, passwordKept: engine.password !== null };
  return engine.kept;
}
