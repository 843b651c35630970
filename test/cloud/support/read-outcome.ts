import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is right, for as long as a slow machine takes; then answers the last one. */
export async function eventually<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 90_000;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (Date.now() > end) throw new Error(`still: ${JSON.stringify(answer)}`);
    await sleep(250);
  }
}
