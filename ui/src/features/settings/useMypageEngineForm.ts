import { useState } from 'react';
import {
  type MypageEngine,
  type MypageEngineInput,
  type MypageEngineTrial,
  type PostgresServer,
  useBackend,
} from '../../backend';
import { useTrial } from '../../shared/connection/useTrial';
import { useTypedSettings } from '../../shared/connection/useTypedSettings';

const PORT_MAX = 65_535;
const noServer: PostgresServer = {
  host: '',
  port: 5432,
  database: '',
  user: '',
  transport: 'plain',
  caFile: '',
  passwordKept: false,
};

/** A server's settings while they are edited: the port is a text. */
type TypedServer = Omit<PostgresServer, 'port'> & { port: string };
type EngineName = MypageEngine['engine'];

function typedServer(saved: MypageEngine): TypedServer {
  const { engine: _, ...server } =
    saved.engine === 'postgres' ? saved : { engine: saved.engine, ...noServer };
  return { ...server, port: String(server.port) };
}

/** The state of the form for Mypage's database, with a trial of the typed server. */
export function useMypageEngineForm(saved: MypageEngine) {
  const backend = useBackend();
  const [engine, setEngine] = useState<EngineName>(saved.engine);
  const trial = useTrial<MypageEngineTrial>();
  const typed = useTypedSettings(typedServer(saved), trial.clear);
  const { settings: server, password, newPassword, edit, editPassword } = typed;

  const port = /^\d{1,5}$/.test(server.port) ? Number(server.port) : 0;
  const isPort = port >= 1 && port <= PORT_MAX;
  const isComplete =
    engine === 'sqlite' ||
    (isPort && [server.host, server.database, server.user].every((text) => text.trim() !== ''));
  // Without TLS the CA file isn't shown and doesn't count.
  const caFile = server.transport === 'tls' ? server.caFile : '';
  const input: MypageEngineInput =
    engine === 'sqlite'
      ? { engine: { engine } }
      : { engine: { engine, ...server, port, caFile }, ...newPassword };
  return {
    engine,
    server,
    password,
    input,
    isPort,
    isComplete,
    isChanged: engine !== saved.engine || (engine === 'postgres' && typed.isChanged),
    trial,
    edit,
    editPassword,
    tryIt: async () => {
      if (engine === 'postgres' && isComplete) await trial.run(() => backend.tryMypageEngine(input));
    },
    choose: (to: EngineName) => {
      setEngine(to);
      trial.clear();
    },
    /**
     * Resets the form to a setting that was just saved. After a change to SQLite, the typed server stays in its fields.
     */
    reset: (to: MypageEngine) => {
      setEngine(to.engine);
      typed.reset(to.engine === 'postgres' ? typedServer(to) : server);
      trial.clearError();
    },
  };
}

export type MypageEngineForm = ReturnType<typeof useMypageEngineForm>;
