import { once } from 'node:events';
import { type Command, Option } from 'commander';
import { type AskOptions, withAskOptions } from '../ask-for-session.ts';
import { runChild } from '../child/run-child.ts';
import { type CliContext, commonOf, print } from '../cli-context.ts';
import { readPort } from '../read-port.ts';
import { readSeconds } from '../read-seconds.ts';
import { detachServer } from '../session/detach-server.ts';
import { changedEnvironment, type EnvironmentChange, shellLines } from '../session/session-environment.ts';
import { startServer } from '../session/start-server.ts';

/** Seconds after which a detached server ends by itself: a working day. */
const DETACHED_SECONDS = 8 * 60 * 60;

type Options = AskOptions & {
  readonly port?: number;
  readonly lifetime?: number;
  readonly detach?: boolean;
  /** How a detached server tells its variables to whoever prints them. */
  readonly variablesAsJson?: boolean;
};

function printChange(change: EnvironmentChange, json: boolean | undefined, context: CliContext): void {
  print(
    { ...change.set, unset: change.unset },
    shellLines(change).join('\n'),
    { json: json === true },
    context,
  );
}

/** The options of a server, as its command line has them. */
const argumentsOf = ({ detach: _, ...options }: Options): string[] =>
  Object.entries(options).flatMap(([name, value]) => {
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return value === true ? [option] : [`${option}=${value}`];
  });

/** Leaves a server running, prints its variables, and how to end it. */
async function detach(options: Options, context: CliContext): Promise<void> {
  const { lifetime = DETACHED_SECONDS } = options;
  const server = await detachServer(argumentsOf({ ...options, lifetime }), context);
  if (typeof server === 'number') {
    context.exitWith(server);
    return;
  }
  const { set, unset } = server.change;
  printChange({ set: { ...set, POSTERN_SERVE_PID: String(server.pid) }, unset }, options.json, context);
}

/** Until an interrupt, or the end of a time. */
async function untilEnded({ signal }: CliContext, lifetime: number | undefined): Promise<void> {
  const time = lifetime === undefined ? [] : [AbortSignal.timeout(lifetime * 1000)];
  const end = AbortSignal.any([signal, ...time]);
  if (!end.aborted) await once(end, 'abort');
}

/** `postern serve`: a session for every AWS SDK on this machine that has the token, renewed as it ends. */
export function addServe(program: Command, context: CliContext): void {
  withAskOptions(
    program
      .command('serve')
      .description(
        'serve sessions on loopback, as AWS SDKs take them from a container: beside a command, or until Ctrl-C',
      ),
  )
    .argument('[command...]', 'a command to run beside it, after --; it ends with that')
    .option('--detach', 'print the variables once there is a session, and serve on in the background')
    .option('-p, --port <port>', 'a fixed port; any free one by default', readPort)
    .addOption(new Option('--variables-as-json').hideHelp())
    .option('--lifetime <seconds>', `how long to serve; detached, ${DETACHED_SECONDS}`, readSeconds)
    .action(async (argv: string[], _: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<Options>() };
      if (options.detach && argv.length > 0)
        command.error('error: --detach and a command exclude each other', { exitCode: 2 });
      if (options.detach) return detach(options, context);
      const { change, close } = await startServer(options, context);
      try {
        if (argv.length > 0) {
          context.exitWith(await runChild(argv, changedEnvironment(context.env, change)));
          return;
        }
        printChange(change, options.json || options.variablesAsJson, context);
        await untilEnded(context, options.lifetime);
      } finally {
        await close();
      }
    });
}
