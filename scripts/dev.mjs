import { converse, npm } from './lib/run.mjs';
import { prepare } from './prepare.mjs';

// `npm run dev`: opens the window. Vite's dev server serves its screens, with hot reload.
await prepare({ windowTests: false, kafka: false, postgres: false });
process.exitCode = await converse(npm, ['exec', '--', 'tauri', 'dev', ...process.argv.slice(2)]);
