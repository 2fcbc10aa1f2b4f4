import { asAppError, type Backend } from '../backend';
import type { Changed, Command, Job, Outcome } from '../types';
import { Normaliser } from './normalise';
import type { Side } from './side';

const MINUTE_MS = 60_000;
const PAGE = 100;
const CARD_TRIES_MAX = 50;

/** The answer to one call at one step. */
export interface Got {
  step: string;
  call: string;
  /** The normalised answer, or `{ error }`. */
  answer: unknown;
}

type Of<T extends Command['type']> = Extract<Command, { type: T }>;
type CallName = Exclude<keyof Backend, 'onChanged' | 'onJob' | 'onConnection' | 'onPrinter'>;
type JobCallName =
  | 'exportHistories'
  | 'exportCustomers'
  | 'backUp'
  | 'runImport'
  | 'saveBadLines'
  | 'saveDiagnostics';

const POLL_PAUSE_MS = 5;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, POLL_PAUSE_MS));
}

/** Plays the day on one side, and collects the answers of all screens after each step. */
export class Desk {
  readonly got: Got[] = [];
  /** The ids of customers by their names in the day. */
  readonly customers = new Map<string, string>();
  /** The recovery code in use. */
  recoveryCode = '';
  /** The ids of the people of the house by their names. */
  readonly staff = new Map<string, string>();
  readonly #normaliser = new Normaliser();
  readonly #jobs: Job[] = [];
  #changes: Changed[] = [];
  #side: Side;
  #keys = 0;

  constructor(
    side: Side,
    public now: number,
  ) {
    this.#side = side;
    this.#listen();
  }

  get side(): Side {
    return this.#side;
  }

  /** Continues on a program that was started again. */
  set side(side: Side) {
    this.#side = side;
    this.#listen();
  }

  #listen(): void {
    const { onJob, onChanged } = this.#side.backend;
    onJob((job) => this.#jobs.push(job));
    onChanged((changed) => this.#changes.push(changed));
  }

  get backend(): Backend {
    return this.#side.backend;
  }

  async wait(minutes: number): Promise<void> {
    this.now += minutes * MINUTE_MS;
    await this.side.setClock(this.now);
  }

  customer(name: string): string {
    const id = this.customers.get(name);
    if (id === undefined) throw new Error(`${this.side.name} knows no ${name}`);
    return id;
  }

  staffId(name: string): string {
    const id = this.staff.get(name);
    if (id === undefined) throw new Error(`${this.side.name} knows no ${name} of the staff`);
    return id;
  }

  /** Makes a call and notes its answer or error. Returns the answer; null if it was refused. */
  async ask<Name extends CallName>(
    step: string,
    call: Name,
    ...input: Parameters<Backend[Name]>
  ): Promise<Awaited<ReturnType<Backend[Name]>> | null> {
    const method = this.backend[call] as (...input: unknown[]) => Promise<unknown>;
    try {
      const answer = await method(...input);
      this.#note(step, call, answer);
      return answer as Awaited<ReturnType<Backend[Name]>>;
    } catch (thrown) {
      this.#note(step, call, { error: asAppError(thrown) });
      return null;
    }
  }

  /** Records a command one minute after the previous one, then queries the screens. */
  async record<T extends Command['type']>(step: string, command: Of<T>): Promise<OutcomeOf<T> | null> {
    this.#keys += 1;
    return this.recordAs(`key ${this.#keys}`, step, command);
  }

  /** Like `record`, with a given idempotency key. */
  async recordAs<T extends Command['type']>(
    idempotencyKey: string,
    step: string,
    command: Of<T>,
  ): Promise<OutcomeOf<T> | null> {
    await this.wait(1);
    const outcome = await this.ask(step, 'record', { idempotencyKey, command });
    await this.side.settle();
    const entries = await this.backend.recentEntries({ limit: PAGE });
    const touched = entries.filter(({ at }) => at === this.now).map(({ customer }) => customer.customerId);
    if ('customerId' in command && command.customerId) touched.push(command.customerId);
    await this.look(step, touched);
    return outcome as OutcomeOf<T> | null;
  }

  /** Starts a job and waits for its last event. Returns the job; null if it was refused or its dialog was cancelled. */
  async work<Name extends JobCallName>(step: string, call: Name, ...input: Parameters<Backend[Name]>) {
    const job = await this.ask(step, call, ...input);
    if (!job) return null;
    const last = () => this.#jobs.find(({ jobId, state }) => jobId === job.jobId && state !== 'running');
    await until(() => last() !== undefined);
    this.#note(step, 'onJob', last());
    return job;
  }

  /** Waits for an event `changed` with this customer, and discards the events so far. */
  async changed(customerId: string): Promise<void> {
    await until(() => this.#changes.some(({ customers }) => customers.includes(customerId)));
    this.#changes = [];
  }

  /** Makes every query of the screens, for all customers or only some. */
  async look(step: string, only?: readonly string[]): Promise<void> {
    await this.side.settle();
    const { backend } = this;
    const asked: [string, Promise<unknown>][] = [
      ['start', backend.start()],
      ['occupancy', backend.occupancy()],
      ['recentEntries', backend.recentEntries({ limit: PAGE })],
      ['syncChip', backend.syncChip()],
      ['syncView', backend.syncView()],
      ['services', backend.services()],
      ['searchCustomers', backend.searchCustomers({ text: '', limit: PAGE })],
    ];
    for (const customerId of this.customers.values()) {
      if (only && !only.includes(customerId)) continue;
      const input = { customerId, filter: 'all', limit: PAGE } as const;
      asked.push(
        ['customerCard', this.#card(customerId)],
        ['mypage', backend.mypage(input)],
        ['chart', backend.chart(input)],
      );
    }
    const answers = await Promise.all(
      asked.map(([, answer]) => answer.catch((thrown) => ({ error: asAppError(thrown) }))),
    );
    for (const [index, [call]] of asked.entries()) this.#note(step, call, answers[index]);
  }

  /** A customer's card. The program leaves a figure out if Mypage takes long to answer, as on a busy machine. */
  async #card(customerId: string) {
    let card = await this.backend.customerCard(customerId);
    for (let tries = 0; card.visitsThisMonth === null && tries < CARD_TRIES_MAX; tries += 1) {
      card = await this.backend.customerCard(customerId);
    }
    return card;
  }

  #note(step: string, call: string, answer: unknown): void {
    this.got.push({ step, call, answer: this.#normaliser.normalise(call, answer) });
  }
}

/** The outcome of a command that isn't refused. */
export type OutcomeOf<T extends Command['type']> = T extends 'registerCustomer' | 'reviseCustomer'
  ? Extract<Outcome, { type: 'customerSaved' }>
  : T extends 'checkIn'
    ? Extract<Outcome, { type: 'checkedIn' }>
    : T extends 'checkOut'
      ? Extract<Outcome, { type: 'checkedOut' }>
      : T extends 'pay'
        ? Extract<Outcome, { type: 'paid' }>
        : T extends 'imposePenalty'
          ? Extract<Outcome, { type: 'penaltyImposed' }>
          : T extends 'deductPenalty'
            ? Extract<Outcome, { type: 'penaltyDeducted' }>
            : T extends 'checkOutArea'
              ? Extract<Outcome, { type: 'areaCheckedOut' }>
              : T extends 'saveArea'
                ? Extract<Outcome, { type: 'areaSaved' }>
                : T extends 'savePlan'
                  ? Extract<Outcome, { type: 'planSaved' }>
                  : Outcome;
