import type { Command } from 'commander';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { forgetLogin, type Login, loginFileOf, readLogin, writeLogin } from '../../login/login-file.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { readTokenClaims } from '../../sdk/token-identity.ts';
import { type CliContext, type CommonOptions, commonOf, endpointOf, print } from '../cli-context.ts';
import { openPage } from '../open-page.ts';

type Options = CommonOptions & {
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scope: string;
  readonly device?: boolean;
  readonly browser: boolean;
};

/** The file of the login to a broker. Throws `not_logged_in` for who may have none. */
export function fileFor(options: CommonOptions, context: CliContext): string {
  const file = loginFileOf(endpointOf(options, context), context.env);
  if (file) return file;
  throw new PosternError({ code: 'not_logged_in', detail: 'There is no login here: POSTERN_LOGIN is off.' });
}

async function logIn(options: Options, context: CliContext): Promise<Login> {
  const { issuer = context.env.POSTERN_ISSUER, clientId = context.env.POSTERN_CLIENT_ID } = options;
  if (!issuer || !clientId)
    throw new PosternError({
      code: 'no_issuer',
      detail:
        'Say where you sign in, and as which client: --issuer and --client-id, or POSTERN_ISSUER and POSTERN_CLIENT_ID.',
    });
  const { logInByBrowser, logInByDevice } = await import('../../login/log-in.ts');
  const wanted = {
    endpoint: endpointOf(options, context),
    issuer,
    clientId,
    scope: options.scope,
    signal: context.signal,
  };
  if (options.device)
    return logInByDevice(wanted, ({ url, code }) =>
      context.err(`Open ${visibleText(url)} on another device, and compare the code: ${visibleText(code)}`),
    );
  return logInByBrowser(wanted, (url) => {
    context.err(`Sign in here: ${url}`);
    if (options.browser) void openPage(url);
  });
}

/** `postern login`, `logout`: a token of one's own for the broker, renewed by itself. */
export function addLogin(program: Command, context: CliContext): void {
  program
    .command('login')
    .description('sign in to the broker by your identity provider, for the calls that follow')
    .option('--issuer <url>', 'your identity provider; or POSTERN_ISSUER')
    .option('--client-id <id>', 'the client that this is there; or POSTERN_CLIENT_ID')
    .option('--scope <scopes>', 'what is asked of it', 'openid offline_access')
    .option('--device', 'by a code on another device: such a login only asks and reads')
    .option('--no-browser', 'print the page, and open no browser')
    .action(async (_: unknown, command: Command) => {
      const options = { ...commonOf(command), ...command.opts<Options>() };
      const file = fileFor(options, context);
      const login = await logIn(options, context);
      await writeLogin(file, login);
      const { issuer, subject } = readTokenClaims(login.token);
      print(
        { issuer, subject },
        `Signed in as ${visibleText(subject)}, of ${visibleText(issuer)}.`,
        options,
        context,
      );
    });
  program
    .command('logout')
    .description('forget the login to the broker, and tell the identity provider')
    .action(async (_: unknown, command: Command) => {
      const options = commonOf(command);
      const file = fileFor(options, context);
      const login = await readLogin(file);
      await forgetLogin(file);
      const { endLogin } = await import('../../login/log-in.ts');
      const isTold = await endLogin(login).then(
        () => true,
        () => false,
      );
      const more = isTold ? '' : ' The identity provider could not be told: there it ends by itself.';
      print({ loggedOut: true, told: isTold }, `Signed out.${more}`, options, context);
    });
}
