import { join } from 'node:path';
import { targetFolder } from './lib/paths.mjs';
import { converse, run } from './lib/run.mjs';

// `npm run bench [section...]`: builds the bench with the program that it measures, and runs it.
try {
  const programs = ['--bin', 'bench', '--bin', 'nosmoke'];
  await run('cargo', ['build', '--release', '--locked', '--workspace', ...programs]);
  const bench = join(targetFolder(), 'release', process.platform === 'win32' ? 'bench.exe' : 'bench');
  process.exitCode = await converse(bench, process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
