import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Surroundings } from '../../../policy/check/check.ts';
import type { CheckedPolicy } from '../../../policy/check/check-policy.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import type { FoundPolicy } from '../inputs/named-policy.ts';
import type { Checked, ToCheck, Told } from './messages.ts';

/** A thread takes as long to start as some dozens of policies take to be checked. */
const FEWEST_FOR_A_THREAD = 40;
/** Each has IAM's data of its own in memory. */
const MOST_THREADS = 8;

/** What a thread runs: in the repository, and in the built package, where this file is a part or in the program. */
const PROGRAMS = ['./check-thread.ts', './check-thread.mjs', '../check-thread.mjs'];

function programOfThread(): URL {
  const found = PROGRAMS.map((program) => new URL(program, import.meta.url)).find((url) => existsSync(url));
  if (!found) throw new Error(`what threads run is missing: ${PROGRAMS.join(', ')}`);
  return found;
}

/** How many threads check so many policies, where nobody said: none where this one is as quick. */
export const threadsFor = (policies: number, processors = availableParallelism()): number =>
  Math.min(processors, MOST_THREADS, Math.floor(policies / FEWEST_FOR_A_THREAD));

export type Threads = {
  /** How many. */
  readonly count: number;
  /** Ends all of them. */
  readonly signal?: AbortSignal;
  readonly program?: URL;
};

/**
 * Checks policies on several threads, each policy by itself; answers in the order in which they were given, or not at all:
 * where a thread ends before its time there is no answer. `isPolicyAnswered` says whose policy is answered as it was read.
 */
export async function checkOnThreads(
  given: readonly FoundPolicy[],
  around: Surroundings,
  isPolicyAnswered: (given: FoundPolicy) => boolean,
  { count, signal, program = programOfThread() }: Threads,
): Promise<CheckedPolicy[]> {
  const { data: _, ...told } = around;
  const checked: CheckedPolicy[] = [];
  const left = given.entries();
  // Nothing of this process' environment or command line is theirs.
  const workers = Array.from(
    { length: Math.min(count, given.length) },
    () => new Worker(program, { workerData: told satisfies Told, env: {}, argv: [], execArgv: [] }),
  );

  /** Gives a thread one policy after the other, until there are no more. */
  const run = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      let current: readonly [nth: number, given: FoundPolicy] | undefined;
      const stopped = (why: string) =>
        reject(refused(`${current?.[1].name} could not be judged: its thread ended: ${why}`));
      const goOn = () => {
        current = left.next().value;
        if (!current) return resolve();
        const [, policy] = current;
        const message: ToCheck = { given: policy, isPolicyAnswered: isPolicyAnswered(policy) };
        worker.postMessage(message);
      };
      worker.on('message', (message: Checked) => {
        if ('problem' in message) return reject(refused(message.problem));
        if (current) checked[current[0]] = message.checked;
        goOn();
      });
      worker.on('error', (error) => stopped(error instanceof Error ? error.message : 'unknown error'));
      worker.on('messageerror', ({ message }) => stopped(message));
      worker.on('exit', (code) => stopped(`it ended with ${code}`));
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      if (signal?.aborted) return reject(signal.reason);
      goOn();
    });

  try {
    await Promise.all(workers.map(run));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return checked;
}

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });
