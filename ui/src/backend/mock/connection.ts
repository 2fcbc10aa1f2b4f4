import type { Connection, ConnectionInput, ConnectionTrial } from '../types';
import { checkText, NAME_MAX } from './limits';
import { refuse, type World } from './world';

/** Refuses invalid connection settings. */
function checkConnection(connection: Connection): void {
  const { servers, prefix, user, mechanism, transport, caFile, certificateFile, keyFile } = connection;
  checkText('servers', servers, 1_000);
  checkText('prefix', prefix, 100);
  checkText('user', user, NAME_MAX);
  const isGiven = (file: string) => file !== '';
  const wrong: [isWrong: boolean, field: string, detail: string][] = [
    [
      !/^[\w.-]*$/.test(prefix),
      'prefix',
      "the topic prefix may have only Latin letters, digits, '.', '_' and '-'",
    ],
    [
      /\s/.test(servers),
      'servers',
      'each server must be host:port, several are separated by commas without spaces',
    ],
    [
      isGiven(certificateFile) !== isGiven(keyFile),
      'certificateFile',
      'a client certificate and its private key must be given together',
    ],
    [
      transport === 'plain' && (isGiven(caFile) || isGiven(certificateFile)),
      'transport',
      'certificates can be used only with TLS',
    ],
    [
      transport === 'plain' && mechanism === 'plain' && user !== '',
      'mechanism',
      'PLAIN sends the password itself, so it can be used only with TLS',
    ],
  ];
  const [first] = wrong.filter(([isWrong]) => isWrong);
  if (first) throw refuse('log_settings', { field: first[1], detail: first[2] });
}

/** Refuses to send the saved password to other servers or to another user than it was typed for. */
function expectPassword({ replication }: World, { connection, password }: ConnectionInput): void {
  const { connection: saved } = replication;
  if (password !== undefined || replication.password === null) return;
  if (connection.user === '' || connection.servers === '') return;
  const known = saved.servers.split(',');
  const isCovered =
    connection.servers.split(',').every((server) => known.includes(server)) &&
    connection.user === saved.user &&
    (connection.transport === 'tls' || saved.transport === 'plain') &&
    (connection.mechanism !== 'plain' || saved.mechanism === 'plain');
  if (!isCovered) throw refuse('password_needed');
}

export function tryConnection(world: World, input: ConnectionInput): ConnectionTrial {
  const { connection } = input;
  checkConnection(connection);
  expectPassword(world, input);
  const { trial } = world.scenario;
  const failed = (error: ConnectionTrial['error']) => ({
    clusterId: null,
    facts: null,
    tookMs: 2_140,
    error,
  });
  if (connection.servers === '')
    return failed(
      refuse('log_settings', { detail: 'each server must be host:port, several are separated by commas' }),
    );
  if (trial) {
    const detail = `${connection.servers}: handshake failed`;
    return failed(refuse(trial, { detail, topic: 'nosmoke.facts.v1' }));
  }
  return { clusterId: 'Xq3hP2mZQ0eK', facts: 41_208, tookMs: 412, error: null };
}

export function saveConnection(world: World, input: ConnectionInput): Connection {
  const { replication } = world;
  const { connection, password } = input;
  checkConnection(connection);
  expectPassword(world, input);
  if (password !== undefined) replication.password = password || null;
  replication.connection = { ...connection, passwordKept: replication.password !== null };
  world.scenario.sync = connection.servers === '' ? 'alone' : 'online';
  replication.since = Date.now();
  return replication.connection;
}
