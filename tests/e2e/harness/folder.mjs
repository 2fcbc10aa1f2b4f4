import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The folders of one terminal: its data folder, its home, and `picked`, in which are the files that its file dialogs
 * return.
 */
export class Folder {
  constructor(name) {
    this.path = mkdtempSync(join(tmpdir(), `nosmoke-${name}-`));
    this.data = this.#make('data');
    this.picked = this.#make('picked');
  }

  /** Returns environment variables that make the program use this terminal's folders instead of the user's home. */
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
      NOSMOKE_HOLD_JOBS: this.#held,
    };
  }

  /** Makes the program's jobs wait once they have begun, until `releaseJobs`. */
  holdJobs() {
    writeFileSync(this.#held, '');
  }

  releaseJobs() {
    rmSync(this.#held, { force: true });
  }

  get #held() {
    return join(this.path, 'hold-jobs');
  }

  /**
   * Queries one of the databases from outside the program, with the facts that are still in SQLite's write-ahead log.
   */
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
    rmSync(this.path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  #make(name) {
    const path = join(this.path, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }
}
