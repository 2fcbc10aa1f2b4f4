import { type Connection, type ConnectionInput, type ConnectionTrial, useBackend } from '../../backend';
import { useTrial } from './useTrial';
import { useTypedSettings } from './useTypedSettings';

export const noConnection: Connection = {
  servers: '',
  prefix: '',
  transport: 'plain',
  caFile: '',
  certificateFile: '',
  keyFile: '',
  user: '',
  mechanism: 'scramSha512',
  passwordKept: false,
};

const noFiles = { caFile: '', certificateFile: '', keyFile: '' };

/** The state of the form for the connection to Kafka, with a trial of the typed connection. */
export function useConnectionForm(saved: Connection) {
  const backend = useBackend();
  const trial = useTrial<ConnectionTrial>();
  const typed = useTypedSettings(saved, trial.clear);
  const { settings: connection, password, newPassword, isChanged, edit, editPassword } = typed;
  const hasServers = connection.servers.trim() !== '';
  // Without TLS the fields of the PEM files aren't shown, and the program would refuse such files.
  const files = connection.transport === 'plain' ? noFiles : {};
  const input: ConnectionInput = { connection: { ...connection, ...files }, ...newPassword };
  return {
    connection,
    password,
    input,
    hasServers,
    isChanged,
    trial,
    edit,
    editPassword,
    tryIt: async () => {
      if (hasServers) await trial.run(() => backend.tryConnection(input));
    },
    reset: (to: Connection) => {
      typed.reset(to);
      trial.clearError();
    },
  };
}

export type ConnectionForm = ReturnType<typeof useConnectionForm>;
