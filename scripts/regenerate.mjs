import { run } from './lib/run.mjs';

// `npm run regenerate`: regenerates every committed file that is generated from Rust: the golden facts and their JSON
// Schemas, docs/openapi.json, docs/asyncapi.json and the screens' TypeScript bindings. Tests fail if one is out of
// date.
try {
  await run('cargo', ['test', '--workspace', '--locked', '--', 'committed', 'export_bindings'], {
    env: { UPDATE_EXPECT: '1' },
  });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
