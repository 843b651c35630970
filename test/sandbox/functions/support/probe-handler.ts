import { setTimeout as pause } from 'node:timers/promises';

/** A handler that does what its event says, to see what the host makes of it. */
type Event = {
  answer?: unknown;
  afterMs?: number;
  throw?: { name?: string; message: string };
  throwText?: string;
  env?: boolean;
  context?: boolean;
  print?: string;
  hang?: boolean;
  spin?: boolean;
  beat?: boolean;
  exit?: boolean;
  crashLater?: boolean;
  barrier?: number;
};

const waiting: (() => void)[] = [];

export async function handler(
  event: Event,
  context: { getRemainingTimeInMillis(): number; awsRequestId: string; functionName: string },
): Promise<unknown> {
  if (event.print) {
    console.log(event.print);
    console.error(`error: ${event.print}`);
    process.stdout.write(`raw: ${event.print}\n`);
  }
  if (event.throw) throw Object.assign(new Error(event.throw.message), { name: event.throw.name ?? 'Error' });
  if (event.throwText) throw event.throwText;
  if (event.env) return { env: { ...process.env }, argv: process.argv.slice(2), execArgv: process.execArgv };
  if (event.context) {
    return {
      functionName: context.functionName,
      hasId: context.awsRequestId.length > 10,
      left: context.getRemainingTimeInMillis(),
    };
  }
  if (event.exit) process.exit(7);
  if (event.crashLater) {
    queueMicrotask(() => {
      throw new Error('nobody catches this');
    });
    return new Promise(() => {});
  }
  if (event.hang) return new Promise(() => {});
  if (event.beat) for (;;) console.log(await pause(5, 'beat'));
  for (; event.spin; );
  if (event.barrier) {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    if (waiting.length === event.barrier) for (const go of waiting) go();
    await promise;
    return { together: waiting.length };
  }
  if (event.afterMs) await pause(event.afterMs);
  return event.answer;
}
