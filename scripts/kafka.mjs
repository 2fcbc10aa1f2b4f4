import { startKafka } from './lib/kafka.mjs';
import { prepare } from './prepare.mjs';

// `npm run kafka [-- --tls --scram]`: a broker to try the exchange by hand; says what to type in Settings, ends with Ctrl+C.
try {
  await prepare({ windowTests: false, postgres: false });
  const code = await startKafka(process.argv.slice(2));
  // Ended by a signal is how it ends.
  process.exitCode = typeof code === 'number' ? code : 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
