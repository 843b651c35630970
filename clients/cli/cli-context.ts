import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type BrokerClient, makeBrokerClient } from '../sdk/broker-client.ts';
import type { CallerIdentity } from '../sdk/caller-identity.ts';
import { chooseIdentity } from '../sdk/choose-identity.ts';
import { PosternError } from '../sdk/postern-error.ts';

/** What a command runs in: where it writes to, and what it is stopped by. */
export type CliContext = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: NodeJS.ProcessEnv;
  /** What starts this command line once more: a program and its first arguments. */
  readonly self: readonly string[];
  /** Whether somebody watches: progress is shown to nobody else. */
  readonly isWatched: boolean;
  /** Aborted by an interrupt. */
  readonly signal: AbortSignal;
  /** Sets what the process ends with. */
  readonly exitWith: (code: number) => void;
};

/** Options that every command takes. */
export type CommonOptions = {
  readonly endpoint?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly json?: boolean;
};

export const commonOf = (command: Command): CommonOptions => command.optsWithGlobals<CommonOptions>();

/** Who calls: a profile that is named, a token, a login, or the ordinary AWS chain, in that order. */
export const identityOf = ({ profile, region, endpoint }: CommonOptions): CallerIdentity =>
  chooseIdentity({
    ...(profile && { profile }),
    ...(region && { region }),
    ...(endpoint && { endpoint }),
  });

/** The broker's base URL. Throws `no_endpoint`. */
export function endpointOf({ endpoint }: CommonOptions, { env }: Pick<CliContext, 'env'>): string {
  const found = endpoint || env.POSTERN_API;
  if (found) return found;
  throw new PosternError({
    code: 'no_endpoint',
    detail: 'Say where the broker is: set POSTERN_API, or --endpoint, to its base URL.',
  });
}

export function brokerFor(options: CommonOptions, context: CliContext): BrokerClient {
  return makeBrokerClient({ endpoint: endpointOf(options, context), identity: identityOf(options) });
}

/**
 * The signed-in user's token: from a file, read anew each time since it may be rotated, or from the environment.
 * Never from the command line, which every process of the machine can read.
 */
export function subjectTokenOf(
  { subjectTokenFile }: { subjectTokenFile?: string },
  { env }: Pick<CliContext, 'env'>,
): (() => Promise<string>) | undefined {
  if (subjectTokenFile) return async () => (await readFile(subjectTokenFile, 'utf8')).trim();
  const { POSTERN_SUBJECT_TOKEN: token } = env;
  return token ? async () => token : undefined;
}

/** One line of JSON where that is asked for, else text. */
export function print(value: unknown, text: string, { json }: CommonOptions, { out }: CliContext): void {
  out(json ? JSON.stringify(value) : text);
}
