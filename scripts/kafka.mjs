import { startKafka } from './lib/kafka.mjs';
import { prepare } from './prepare.mjs';

// `npm run kafka [-- --tls --scram]`: runs a Kafka broker for trying replication by hand, until Ctrl+C. Prints the
// values to enter in Settings, Connection.
try {
  await prepare({ windowTests: false, postgres: false });
  process.exitCode = await startKafka(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
