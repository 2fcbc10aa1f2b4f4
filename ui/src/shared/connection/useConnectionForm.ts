import { useRef, useState } from 'react';
import {
  type AppError,
  asAppError,
  type Connection,
  type ConnectionInput,
  type ConnectionTrial,
  useBackend,
} from '../../backend';

export const noConnection: Connection = {
  servers: '',
  prefix: '',
  transport: 'plain',
  caFile: '',
  certificateFile: '',
  keyFile: '',
  user: '',
  passwordKept: false,
};

/** What a connection is typed as, and what a trial of exactly that found. */
export function useConnectionForm(initial: Connection) {
  const backend = useBackend();
  const [connection, setConnection] = useState(initial);
  const [password, setPassword] = useState('');
  const [trial, setTrial] = useState<ConnectionTrial | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [isTrying, setIsTrying] = useState(false);
  // A trial that ends after something else was typed says nothing about what stands there now.
  const edition = useRef(0);

  const forget = () => {
    edition.current += 1;
    setTrial(null);
    setError(null);
  };
  const type = (change: Partial<Connection>) => {
    setConnection((now) => ({ ...now, ...change }));
    forget();
  };
  const typePassword = (text: string) => {
    setPassword(text);
    forget();
  };
  // Without TLS the files aren't shown, and would be refused.
  const files = connection.transport === 'plain' ? { caFile: '', certificateFile: '', keyFile: '' } : {};
  const input: ConnectionInput = {
    connection: { ...connection, ...files },
    ...(password !== '' && { password }),
  };
  const hasServers = connection.servers.trim() !== '';

  const tryIt = async () => {
    if (isTrying || !hasServers) return;
    forget();
    const { current } = edition;
    setIsTrying(true);
    try {
      const found = await backend.tryConnection(input);
      if (edition.current === current) setTrial(found);
    } catch (thrown) {
      if (edition.current === current) setError(asAppError(thrown));
    } finally {
      setIsTrying(false);
    }
  };
  /** Begins again from what the program keeps now. */
  const adopt = (kept: Connection) => {
    setConnection(kept);
    setPassword('');
    setError(null);
  };
  return {
    connection,
    password,
    input,
    hasServers,
    isChanged: password !== '' || JSON.stringify(connection) !== JSON.stringify(initial),
    trial,
    error,
    isTrying,
    type,
    typePassword,
    tryIt,
    adopt,
  };
}

export type ConnectionForm = ReturnType<typeof useConnectionForm>;
