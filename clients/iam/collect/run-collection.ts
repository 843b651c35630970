import { setTimeout as waitFor } from 'node:timers/promises';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { CliContext, CommonOptions } from '../../cli/cli-context.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { type Collection, collectAccount } from './collect-account.ts';
import { readFromAws } from './read-from-aws.ts';
import { ReadRefused } from './reads.ts';

type Options = {
  readonly file: string;
  readonly cloudtrail?: readonly string[];
  readonly days: number;
  readonly regions?: readonly string[];
};

/** Milliseconds between two lines that tell how far a step is. */
const BETWEEN_MS = 2_000;

/** Collects an account with the caller's credentials, and tells on standard error how far it is. */
export async function runCollection(
  { file, cloudtrail = [], days, regions }: Options,
  { profile, region }: CommonOptions,
  context: Pick<CliContext, 'env' | 'err' | 'signal'>,
): Promise<Collection> {
  const aws = readFromAws({ profile, region, env: context.env });
  try {
    const home = await aws.home();
    return await collectAccount(
      { file, days, home, cloudTrail: cloudtrail, regions: regions ?? [home] },
      {
        read: aws.read,
        tell: makeTeller(context.err),
        wait: (milliseconds) => waitFor(milliseconds, undefined, { signal: context.signal }),
        now: () => new Date(),
      },
    );
  } catch (error) {
    throw explained(error, file);
  } finally {
    await aws.close();
  }
}

/** A line for each step, and one now and then within it: what a step is about stands before its colon. */
function makeTeller(say: (text: string) => void): (text: string) => void {
  let [step, toldAt] = ['', 0];
  return (text) => {
    const [now = ''] = text.split(':');
    if (now === step && Date.now() - toldAt < BETWEEN_MS) return;
    [step, toldAt] = [now, Date.now()];
    say(visibleText(text));
  };
}

/** What AWS refused, in a line, with how to go on: what was read is there. */
function explained(error: unknown, file: string): unknown {
  if (error instanceof PosternError || (error instanceof Error && error.name === 'AbortError')) return error;
  const [name, message] =
    error instanceof ReadRefused
      ? [error.code, error.message]
      : [error instanceof Error ? error.name : 'error', error instanceof Error ? error.message : ''];
  const isOld = /Expired/.test(name);
  return new PosternError({
    code: 'collection_stopped',
    detail: `${name}: ${message.split('\n')[0]} What was read is in ${file}.partial: ${isOld ? 'renew the credentials, and ' : ''}the same command goes on with it.`,
  });
}
