import { useRef, useState } from 'react';
import {
  type AppError,
  asAppError,
  type MypageEngine,
  type MypageEngineInput,
  type MypageEngineTrial,
  type PostgresServer,
  useBackend,
} from '../../backend';

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

/** The port is a text while it is typed. */
type Typed = Omit<PostgresServer, 'port'> & { port: string };
type Engine = MypageEngine['engine'];

function typedOf(kept: MypageEngine): Typed {
  const { engine: _, ...server } = kept.engine === 'postgres' ? kept : { engine: kept.engine, ...noServer };
  return { ...server, port: String(server.port) };
}

/** An engine as it is typed, and what a trial of exactly that found. */
export function useMypageEngineForm(kept: MypageEngine) {
  const backend = useBackend();
  const [engine, setEngine] = useState<Engine>(kept.engine);
  const [server, setServer] = useState(() => typedOf(kept));
  const [password, setPassword] = useState('');
  const [trial, setTrial] = useState<MypageEngineTrial | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isTrying, setIsTrying] = useState(false);
  // A trial that ends after something else was typed says nothing about what stands there now.
  const edition = useRef(0);

  const forget = () => {
    edition.current += 1;
    setTrial(null);
    setError(null);
  };
  const port = /^\d{1,5}$/.test(server.port) ? Number(server.port) : 0;
  const isPort = port >= 1 && port <= PORT_MAX;
  const isWhole =
    engine === 'sqlite' ||
    (isPort && [server.host, server.database, server.user].every((text) => text.trim() !== ''));
  const caFile = server.transport === 'tls' ? server.caFile : '';
  const chosen: MypageEngine = engine === 'sqlite' ? { engine } : { engine, ...server, port, caFile };
  const input: MypageEngineInput = {
    engine: chosen,
    ...(engine === 'postgres' && password !== '' && { password }),
  };
  const isChanged =
    engine !== kept.engine ||
    (engine === 'postgres' && (password !== '' || JSON.stringify(server) !== JSON.stringify(typedOf(kept))));

  const tryIt = async () => {
    if (isTrying || !isWhole || engine === 'sqlite') return;
    forget();
    const { current } = edition;
    setIsTrying(true);
    try {
      const found = await backend.tryMypageEngine(input);
      if (edition.current === current) setTrial(found);
    } catch (thrown) {
      if (edition.current === current) setError(asAppError(thrown));
    } finally {
      setIsTrying(false);
    }
  };
  return {
    engine,
    server,
    password,
    input,
    isPort,
    isWhole,
    isChanged,
    isTrying,
    trial,
    error,
    tryIt,
    choose: (to: Engine) => {
      setEngine(to);
      forget();
    },
    type: (change: Partial<Typed>) => {
      setServer((now) => ({ ...now, ...change }));
      forget();
    },
    typePassword: (text: string) => {
      setPassword(text);
      forget();
    },
    /** Begins again from what the program keeps now; what was typed of a server stays in sight. */
    adopt: (saved: MypageEngine) => {
      setEngine(saved.engine);
      if (saved.engine === 'postgres') setServer(typedOf(saved));
      setPassword('');
      setError(null);
    },
  };
}

export type MypageEngineForm = ReturnType<typeof useMypageEngineForm>;
