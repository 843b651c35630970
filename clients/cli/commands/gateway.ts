import type { Command } from 'commander';
import { tokenOf } from '../../sdk/wait-for-access.ts';
import { REFERENCE } from '../ask-for-session.ts';
import { runChild } from '../child/run-child.ts';
import { brokerFor, type CliContext, commonOf, print, subjectTokenOf } from '../cli-context.ts';
import { describeGatewaySession } from '../describe-calls.ts';
import { openAtGateway } from '../open-at-gateway.ts';
import { readSeconds } from '../read-seconds.ts';
import { changedEnvironment, gatewayChange, shellLines } from '../session/session-environment.ts';

type OpenOptions = {
  readonly reason?: string;
  readonly reference?: readonly string[];
  readonly duration?: number;
  readonly gateway?: string;
  readonly account?: string;
  readonly subjectTokenFile?: string;
};

/** `postern gateway`: AWS calls through the gateway, which holds the credentials. */
export function addGateway(program: Command, context: CliContext): void {
  const gateway = program
    .command('gateway')
    .description('call AWS through the gateway: no AWS credentials here, access asked for at each call');

  gateway
    .command('open')
    .description('open a session of the gateway: prints the variables, or runs a command with them')
    .argument('[command...]', 'a command to run with it, after --')
    .option('-r, --reason <text>', 'the job, in plain language; without one nothing is asked for')
    .option(...REFERENCE)
    .option('-d, --duration <seconds>', 'how long: 900 to 43200; an hour unless told', readSeconds)
    .option('-g, --gateway <url>', 'where the gateway is; or POSTERN_GATEWAY')
    .option('--account <id>', 'the AWS account that the calls mean; the gateway’s own unless told')
    .option(
      '--subject-token-file <file>',
      'the signed-in user’s token, on whose behalf; or POSTERN_SUBJECT_TOKEN',
    )
    .action(async (argv: string[], _: unknown, command: Command) => {
      const own = command.opts<OpenOptions>();
      const options = { ...commonOf(command), ...own };
      const subjectToken = await tokenOf(subjectTokenOf(options, context));
      const opened = await brokerFor(options, context).openDelegation(
        {
          ...(own.reason !== undefined && { reason: own.reason }),
          ...(own.reference && { references: own.reference }),
          ...(own.duration !== undefined && { durationSeconds: own.duration }),
          ...(own.account !== undefined && { accountId: own.account }),
          ...(subjectToken !== undefined && { subjectToken }),
        },
        { signal: context.signal },
      );
      const url = own.gateway || context.env.POSTERN_GATEWAY;
      const keys = await openAtGateway(url, opened.delegation, context.signal);
      const region = options.region ?? context.env.AWS_REGION ?? context.env.AWS_DEFAULT_REGION;
      const change = gatewayChange(keys, url ?? '', region);
      if (argv.length > 0) {
        context.exitWith(await runChild(argv, changedEnvironment(context.env, change)));
        return;
      }
      context.err(`Session ${opened.sessionId}, until ${opened.expiresAt}.`);
      print(
        { sessionId: opened.sessionId, ...change.set, unset: change.unset },
        shellLines(change).join('\n'),
        options,
        context,
      );
    });

  gateway
    .command('list')
    .description('your own sessions of the gateway, or as an auditor anybody’s')
    .option('--principal <id>', 'auditors only')
    .action(async (_: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<{ principal?: string }>() };
      const { sessions } = await brokerFor(options, context).listGatewaySessions(options.principal, {
        signal: context.signal,
      });
      print({ sessions }, sessions.map(describeGatewaySession).join('\n'), options, context);
    });

  gateway
    .command('end')
    .description('end a session at once: later calls are refused, downloads cut')
    .argument('<session-id>')
    .action(async (sessionId: string, _: unknown, command: Command) => {
      const options = commonOf(command);
      const ended = await brokerFor(options, context).endGatewaySession(sessionId, {
        signal: context.signal,
      });
      print(ended, describeGatewaySession(ended), options, context);
    });
}
