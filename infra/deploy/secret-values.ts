import { NotReady } from './not-ready.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The secrets that functions read, each with the variables that its value is given in. */
const SECRETS: Readonly<Record<string, { variables: readonly string[]; valueOf(given: string[]): string }>> =
  {
    'postern/openai': { variables: ['OPENAI_API_KEY'], valueOf: ([key = '']) => key },
    'postern/chat-model': { variables: ['CHAT_MODEL_API_KEY'], valueOf: ([key = '']) => key },
    'postern/slack': {
      variables: ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_TEAM_ID'],
      valueOf: ([botToken, signingSecret, teamId]) => JSON.stringify({ botToken, signingSecret, teamId }),
    },
  };

/** Those that are filled in another way: AWS makes them, or the operator puts them in by hand, as docs/deploy.md says. */
const FILLED_OTHERWISE: ReadonlySet<string> = new Set([
  'postern/console',
  'postern/chat-cookies',
  'postern/chat-work',
  'postern/scim',
  'postern/webhooks',
]);

/**
 * The values to put into secrets after the deployment: those that the environment gives. Throws NotReady for one
 * that is neither given nor there from an earlier deployment.
 */
export async function secretValues(
  names: readonly string[],
  env: Env,
  isThere: (name: string) => Promise<boolean>,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const name of names.filter((each) => !FILLED_OTHERWISE.has(each))) {
    const secret = SECRETS[name];
    if (!secret) throw new Error(`nothing says how the secret ${name} gets its value`);
    const given = secret.variables.map((variable) => env[variable] ?? '');
    const missing = secret.variables.filter((_, index) => given[index] === '');
    if (missing.length === 0) values.set(name, secret.valueOf(given));
    else if (missing.length < given.length || !(await isThere(name)))
      throw new NotReady(`the secret ${name} has no value: set ${missing.join(', ')} for this deployment`);
  }
  return values;
}
