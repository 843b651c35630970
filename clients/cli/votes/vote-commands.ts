import { type Command, InvalidArgumentError } from 'commander';
import type { NewVote } from '../../../lambdas/cast-vote/vote-specs.ts';
import type { ApprovalView } from '../../../lambdas/cast-vote/vote-views.ts';
import { brokerFor, type CliContext, commonOf, print } from '../cli-context.ts';
import { readSeconds } from '../read-seconds.ts';
import { describeApproval } from './describe-approval.ts';
import { readCode } from './read-code.ts';

type Grants = { resource: string; actions: string[] }[];
type Options = { code?: string; reason?: string; window?: number; keep?: Grants; duration?: number };

/** `bank_balances=dynamodb:GetItem,dynamodb:Query`, once for each resource that is to be left. */
function readLeft(value: string, before: Grants = []): Grants {
  const [resource = '', actions = ''] = value.split('=');
  if (!resource || !actions) throw new InvalidArgumentError('write <resource>=<action>,<action>');
  return [...before, { resource, actions: actions.split(',') }];
}

/** Shows what is approval, takes the code, and votes on just what was shown. */
async function vote(
  requestId: string,
  command: Command,
  context: CliContext,
  ballotOf: (approval: ApprovalView, options: Options) => Omit<NewVote, 'code' | 'proposalDigest'>,
): Promise<void> {
  const options = { ...commonOf(command), ...command.opts<Options>() };
  const broker = brokerFor(options, context);
  const { signal } = context;
  const approval = await broker.getVotes(requestId, { signal });
  context.err(describeApproval(approval));
  const code = await readCode(options.code, context);
  const ballot = { ...ballotOf(approval, options), proposalDigest: approval.proposalDigest, code } as NewVote;
  const recorded = await broker.castVote(requestId, ballot, { signal });
  const text =
    recorded.decision === 'deny'
      ? `Your denial of ${recorded.requestId} is recorded: it is denied.`
      : `Your approval of ${recorded.requestId} is recorded: ${recorded.given} of ${recorded.needed}.`;
  print(recorded, text, options, context);
}

const saidOf = ({ reason }: Options) => (reason === undefined ? {} : { reason });
const windowOf = ({ window }: Options) => (window === undefined ? {} : { windowSeconds: window });

const withVoteOptions = (command: Command): Command =>
  command
    .argument('<request-id>')
    .option(
      '--code <digits>',
      'the code that your authenticator shows; asked for, or read from the input, without',
    )
    .option('--reason <text>', 'why: the requester is told');

const WINDOW = 'seconds for which it also counts for the very same request, up to 14400';

/** `postern approvals`, `approve`, `narrow`, `deny`: what an approver does who is not in Slack. */
export function addVotes(program: Command, context: CliContext): void {
  program
    .command('approvals')
    .description('what waits for you to answer it')
    .action(async (_: unknown, command: Command) => {
      const options = commonOf(command);
      const list = await brokerFor(options, context).listApprovals({ signal: context.signal });
      const text = list.approvals.map(describeApproval).join('\n\n');
      print(list, text === '' ? 'Nothing waits for you.' : text, options, context);
    });
  withVoteOptions(program.command('approve').description('approve what a request asks for, as it is'))
    .option('--window <seconds>', WINDOW, readSeconds)
    .action((requestId: string, _: unknown, command: Command) =>
      vote(requestId, command, context, (_approval, options) => ({
        decision: 'approve',
        ...saidOf(options),
        ...windowOf(options),
      })),
    );
  withVoteOptions(program.command('narrow').description('approve less than a request asks for'))
    .option('--keep <resource=actions>', 'what is to be left of a resource; once for each', readLeft)
    .option('-d, --duration <seconds>', 'a shorter session, of at least 900', readSeconds)
    .option('--window <seconds>', WINDOW, readSeconds)
    .action((requestId: string, _: unknown, command: Command) =>
      vote(requestId, command, context, (_approval, options) => ({
        decision: 'approve_less',
        ...saidOf(options),
        ...windowOf(options),
        narrowing: {
          ...(options.keep && { grants: options.keep }),
          ...(options.duration !== undefined && { durationSeconds: options.duration }),
        },
      })),
    );
  withVoteOptions(program.command('deny').description('deny a request')).action(
    (requestId: string, _: unknown, command: Command) =>
      vote(requestId, command, context, (_approval, options) => ({ decision: 'deny', ...saidOf(options) })),
  );
}
