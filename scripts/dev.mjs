import { converse, npm } from './lib/run.mjs';
import { prepare } from './prepare.mjs';

// `npm run dev`: the window with the screens from the dev server; a saved file shows at once.
await prepare({ windowTests: false, kafka: false, postgres: false });
process.exitCode = await converse(npm, ['exec', '--', 'tauri', 'dev', ...process.argv.slice(2)]);
