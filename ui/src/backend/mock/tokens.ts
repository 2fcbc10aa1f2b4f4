import type { MadeToken, MakeToken, TokenView } from '../types';
import { checkNeeded, NAME_MAX } from './limits';
import type { Scenario } from './scenario';
import { nameForm } from './searchKeys';
import { newId, refuse, type World } from './world';

const DAY_MS = 86_400_000;
const TOKENS_MAX = 100;

const token = (given: Partial<TokenView>): TokenView => ({
  tokenId: newId(),
  name: '',
  scopes: [],
  madeAt: null,
  rotatedAt: null,
  earlierUntil: null,
  lastUsedAt: null,
  revokedAt: null,
  terminalId: null,
  ...given,
});

const OWNER = { tokenId: 'owner', scopes: ['enter', 'leave', 'pay', 'read', 'operate'] } as const;

export function seedTokens({ seed }: Scenario, terminalId: string): TokenView[] {
  const owner = token({ ...OWNER, scopes: [...OWNER.scopes], terminalId });
  if (!['people', 'many', 'crowd'].includes(seed)) return [owner];
  const now = Date.now();
  owner.lastUsedAt = now - 3 * DAY_MS;
  return [
    owner,
    token({
      ...{ name: '동문 키오스크', scopes: ['enter', 'leave'], madeAt: now - 40 * DAY_MS, terminalId },
      ...{ lastUsedAt: now - 60_000, rotatedAt: now - DAY_MS / 4, earlierUntil: now + (DAY_MS * 3) / 4 },
    }),
    token({
      ...{ name: '매점 결제기', scopes: ['pay'], madeAt: now - 12 * DAY_MS, terminalId },
      lastUsedAt: now - 5 * 60_000,
    }),
    token({
      ...{ name: '옛 회전문', scopes: ['enter'], madeAt: now - 200 * DAY_MS, terminalId },
      ...{ lastUsedAt: now - 70 * DAY_MS, revokedAt: now - 60 * DAY_MS },
    }),
  ];
}

/** The tokens of other terminals, of which one's name hasn't come here. */
export const seedTokensElsewhere = ({ sync }: Scenario) =>
  sync === 'alone'
    ? []
    : [
        { tokenId: newId(), name: '서문 회전문' },
        { tokenId: newId(), name: null },
      ];

let secrets = 0;
function secret(): string {
  secrets += 1;
  return `nosmoke_${'k3Jv8QpZr2XfTn6WbYd1HsLc9MgEaUo4'.slice(secrets % 7)}${'7RtVx5KjPw0ZqNiBh'.slice(0, 11 + (secrets % 7))}`;
}

function tokenOf(world: World, tokenId: string): TokenView {
  const found = world.tokens.find((one) => one.tokenId === tokenId);
  if (!found) throw refuse('unknown_token');
  if (found.revokedAt !== null) throw refuse('token_revoked');
  return found;
}

export const tokensView = ({ tokens }: World): TokenView[] => [
  ...tokens.filter(({ tokenId }) => tokenId === 'owner'),
  ...tokens
    .filter(({ tokenId }) => tokenId !== 'owner')
    .sort((one, other) => (other.madeAt ?? 0) - (one.madeAt ?? 0)),
];

export function makeToken(world: World, { name, scopes }: MakeToken): MadeToken {
  checkNeeded('name', name, NAME_MAX);
  if (scopes.length === 0) throw refuse('empty', { field: 'scopes' });
  const living = world.tokens.filter(({ revokedAt }) => revokedAt === null);
  if (living.some((one) => nameForm(one.name) === nameForm(name))) throw refuse('token_name_taken', { name });
  if (living.length > TOKENS_MAX) throw refuse('too_many_tokens', { max: TOKENS_MAX });
  const made = token({ name, scopes, madeAt: Date.now(), terminalId: world.terminal.id });
  world.tokens.push(made);
  return { token: made, secret: secret() };
}

export function rotateToken(world: World, tokenId: string): MadeToken {
  const found = tokenOf(world, tokenId);
  // The owner's secret is in a file, which programs read again.
  const earlierUntil = tokenId === 'owner' ? null : Date.now() + DAY_MS;
  Object.assign(found, { rotatedAt: Date.now(), earlierUntil });
  return { token: found, secret: tokenId === 'owner' ? null : secret() };
}

export function revokeToken(world: World, tokenId: string): TokenView {
  if (tokenId === 'owner') throw refuse('owner_token');
  const found = tokenOf(world, tokenId);
  Object.assign(found, { revokedAt: Date.now(), earlierUntil: null });
  return found;
}
