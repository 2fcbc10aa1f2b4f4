import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One terminal's world on disk: its data folder, its home, and a folder for what it exports. */
export class Folder {
  constructor(name) {
    this.path = mkdtempSync(join(tmpdir(), `nosmoke-${name}-`));
    this.data = this.#make('data');
    this.picked = this.#make('picked');
  }

  /** The environment in which nothing of the person who runs the tests can be seen or touched. */
  environment() {
    return {
      HOME: this.#make('home'),
      XDG_CONFIG_HOME: this.#make('config'),
      XDG_DATA_HOME: this.#make('share'),
      XDG_CACHE_HOME: this.#make('cache'),
      XDG_STATE_HOME: this.#make('state'),
      XDG_RUNTIME_DIR: this.#make('run'),
      NOSMOKE_DATA_DIR: this.data,
      NOSMOKE_PICK_SAVE: this.picked,
      NOSMOKE_PICK_FOLDER: this.picked,
    };
  }

  /** Rows of one of the databases, as the file has them now; the WAL is read too. */
  rows(sql, database = 'journal.db') {
    const file = join(this.data, database);
    if (!existsSync(file)) throw new Error(`${database} is not in ${this.data}`);
    const answer = execFileSync('sqlite3', ['-json', '-readonly', '-cmd', '.timeout 5000', file, sql], {
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    });
    return answer.trim() === '' ? [] : JSON.parse(answer);
  }

  remove() {
    rmSync(this.path, { recursive: true, force: true });
  }

  #make(name) {
    const path = join(this.path, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }
}
