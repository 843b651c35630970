import { type Command, InvalidArgumentError } from 'commander';
import { type Compared, wholeDiffOfBundle } from '../../../lambdas/request-approval/diff-of-bundle.ts';
import { MOST_BUNDLE_BYTES } from '../../../lambdas/shared/domain/access-request.ts';
import { MOST_PARTS, textOfBundle } from '../../../lambdas/shared/domain/bundle/bundle.ts';
import { digestOf } from '../../../lambdas/shared/domain/digest.ts';
import { isOfDirectory } from '../../../lambdas/shared/domain/people/directory-principal.ts';
import type { BrokerClient } from '../../sdk/broker-client.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { brokerFor, type CliContext, commonOf, print } from '../cli-context.ts';
import { awaitChange } from '../commands/propose.ts';
import { planFolder } from './plan-folder.ts';
import { readFolder } from './read-folder.ts';
import { readInForce } from './read-in-force.ts';
import { filesOf, writeFolder } from './write-folder.ts';

/** `postern apply --plan` ends with it where something would change. */
const SOMETHING_TO_DO = 2;

type ApplyOptions = {
  readonly plan?: boolean;
  readonly prune?: boolean;
  readonly reason?: string;
  readonly atMost?: number;
  readonly wait: boolean;
};

function atMostOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_PARTS) return count;
  throw new InvalidArgumentError(`must be 1 to ${MOST_PARTS}`);
}

const invalid = (problems: readonly string[]): PosternError =>
  new PosternError({ code: 'folder_invalid', detail: ['Nothing was proposed:', ...problems].join('\n  ') });

/** Why so much is not one change. */
function checkSize(compared: readonly Compared[]): void {
  const fewer = 'propose them in several changes, one after the other, by --at-most';
  if (compared.length > MOST_PARTS) {
    const limit = `one change carries ${MOST_PARTS}, as they are written in one transaction`;
    throw invalid([`${compared.length} entries would change; ${limit}: ${fewer}`]);
  }
  const bytes = Buffer.byteLength(JSON.stringify(textOfBundle(compared.map(({ part }) => part))));
  if (bytes > MOST_BUNDLE_BYTES)
    throw invalid([
      `what would change is ${bytes} bytes, of which one change carries ${MOST_BUNDLE_BYTES}: ${fewer}`,
    ]);
}

async function plan(
  path: string,
  { prune = false, atMost }: ApplyOptions,
  broker: BrokerClient,
  signal: AbortSignal,
) {
  const { folder, problems } = await readFolder(path);
  if (problems.length > 0) throw invalid(problems);
  const isRead = (id: string) => folder.policies.has(id) || folder.principals.has(id);
  const found = planFolder(folder, await readInForce(broker, isRead, signal), { prune });
  if (found.problems.length > 0) throw invalid(found.problems);
  const compared = found.compared.slice(0, atMost);
  checkSize(compared);
  return { compared, left: found.left, more: found.compared.length - compared.length };
}

/** The caller's own change that proposes just this and is still open: it is gone on with. */
async function openChange(broker: BrokerClient, proposalDigest: string, signal: AbortSignal) {
  for (const status of ['AWAITING_APPROVAL', 'PENDING'] as const) {
    const { requests } = await broker.listRequests({ status, limit: 100 }, { signal });
    const open = requests.find(({ change }) => change?.proposalDigest === proposalDigest);
    if (open) return open;
  }
  return undefined;
}

/** `postern apply` and `postern export`: principals, policies and templates as files. */
export function addFolder(program: Command, context: CliContext): void {
  const { signal, exitWith } = context;

  program
    .command('apply')
    .description('propose what a folder says of principals, policies and templates, as one change')
    .argument('<folder>', 'with principals/<id>.json, policies/<id>.txt and templates/<id>.json')
    .option('-r, --reason <text>', 'why')
    .option('--plan', 'only say what would change: exit code 2 where anything would')
    .option('--prune', 'suspend the principals that are in force and not in the folder')
    .option(
      '--at-most <count>',
      'propose the first so many entries alone; run it again for the rest',
      atMostOf,
    )
    .option('--no-wait', 'propose, and do not wait for people')
    .action(async (path: string, _: unknown, command: Command) => {
      const own = command.opts<ApplyOptions>();
      const options = commonOf(command);
      const broker = brokerFor(options, context);
      const { compared, left, more } = await plan(path, own, broker, signal);
      const parts = compared.map(({ part }) => part);
      const diff =
        compared.length === 0
          ? 'Nothing to do: what is in force is what the folder says.'
          : wholeDiffOfBundle(compared);
      const notes = [
        ...left.map((name) => `left as it is, and not in the folder: ${name}`),
        ...(more > 0 ? [`${more} more would change: run it again when these are applied`] : []),
      ];
      if (own.plan || compared.length === 0) {
        const planned = parts.map(({ kind, target, baseVersion }) => ({ kind, target, baseVersion }));
        print({ parts: planned, left, more }, [diff, ...notes].join('\n'), options, context);
        return exitWith(compared.length === 0 ? 0 : SOMETHING_TO_DO);
      }
      const { reason } = own;
      if (reason === undefined)
        throw new PosternError({ code: 'no_reason', detail: 'Say why: --reason "…". Approvers read it.' });
      context.err([diff, ...notes].join('\n'));
      await awaitChange(
        async () =>
          (await openChange(broker, digestOf(textOfBundle(parts)), signal)) ??
          broker.proposeChange({ kind: 'bundle', parts, reason }, { wait: 20, signal }),
        { broker, isAwaited: own.wait, options },
        context,
      );
    });

  program
    .command('export')
    .description('write what is in force as a folder that `apply` takes')
    .argument('<folder>', 'made where it is not there')
    .action(async (path: string, _: unknown, command: Command) => {
      const options = commonOf(command);
      const inForce = await readInForce(brokerFor(options, context), (id) => !isOfDirectory(id), signal);
      const files = filesOf(inForce);
      await writeFolder(path, files);
      const ofDirectory = [...inForce.principals.keys()].filter(isOfDirectory).length;
      const text = `${files.size} files${ofDirectory > 0 ? `; ${ofDirectory} principals of the directory are its templates' matter` : ''}`;
      print({ files: [...files.keys()], ofDirectory }, text, options, context);
    });
}
