import type { Argument, Command, Option } from 'commander';
import { makeProgram } from '../clients/cli/program.ts';

export const CLI_DOCS = 'docs/cli.md';

const INTRODUCTION = `# The command line

\`postern\` asks a broker for access as whoever the ordinary AWS credential chain says you are. \`npm link\` in the repository, or
\`npx .\`, makes it available; \`POSTERN_API\` says where the broker is.

\`\`\`sh
export POSTERN_API=https://….execute-api.eu-central-1.amazonaws.com/api
postern exec --reason 'The weekly report needs the operational metrics.' -- aws dynamodb query …
\`\`\`

## In the sandbox

Beside \`npm start\`, in another terminal:

\`\`\`sh
eval "$(npm run --silent as -- analyst1)"
npx . exec --reason 'The weekly report needs the operational metrics.' -- \\
  aws --endpoint-url "$AWS_ENDPOINT_URL" dynamodb query --table-name bank_operational_metrics \\
  --key-condition-expression 'metric = :m' --expression-attribute-values '{":m":{"S":"payments_failed"}}'
\`\`\`

It sets, from \`.sandbox/access.json\`, what the command line, [an MCP server](mcp.md), [the client](sdk.md) and the AWS CLI go by:

| | |
|---|---|
| \`POSTERN_API\` | where the broker is |
| \`AWS_ENDPOINT_URL\` | the sandbox in place of AWS, for DynamoDB, STS and Step Functions; the AWS CLI needs it said before 2.13 |
| \`AWS_REGION\` | the region that calls are signed for |
| \`AWS_ACCESS_KEY_ID\`, \`AWS_SECRET_ACCESS_KEY\` | the principal's key |
| \`POSTERN_FEDERATION_ENDPOINT\` | the sign-in endpoint that \`postern console\` asks in place of AWS's |

An agent asks on behalf of a signed-in customer, whose token lasts five minutes:

\`\`\`sh
eval "$(npm run --silent as -- customer_support_agent c-1042)"       # sets POSTERN_SUBJECT_TOKEN too
curl -s http://127.0.0.1:4780/issuer/token/c-1042 | node -pe 'JSON.parse(fs.readFileSync(0)).token' > token   # or for --subject-token-file
\`\`\`

## On AWS

An agent that already runs needs no change of its code, but one of its AWS profile:

\`\`\`ini
[profile bank]
credential_process = postern credential-process --reason "The weekly report needs the operational metrics."
\`\`\`

or \`eval "$(postern serve --reason … )"\` beside it, which sets \`AWS_CONTAINER_CREDENTIALS_FULL_URI\` and its token.

| exit code | |
|---|---|
| 0 | granted |
| 2 | the command line, or the request, is not as documented |
| 3 | denied |
| 4 | nobody decided in time; the request still stands |
| 5 | granted, and not claimed in time |
| 1 | anything else |

\`exec\` ends with the exit code of its command. Errors are one line and what to do; with \`--json\`, \`{"error":{"code",…}}\` on
standard error. Only \`claim\`, \`credential-process\`, \`serve\` and the environment of \`exec\`'s child carry secrets; the URL of
\`console\` is as good as the session for 15 minutes. A signed-in user's token comes from a file or \`POSTERN_SUBJECT_TOKEN\`, never
from the command line, which every process of a machine can read.

`;

const cell = (text: string): string => text.replaceAll('|', '\\|');
const optionRow = ({ flags, description }: Option): string => `| \`${cell(flags)}\` | ${cell(description)} |`;
function argumentText(argument: Argument): string {
  const shown = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${shown}>` : `[${shown}]`;
}

function section(command: Command, path: string): string {
  const { commands } = command;
  const called = `${path} ${command.name()}`;
  if (commands.length > 0) return commands.map((one) => section(one, called)).join('');
  const usage = [called, ...(command.registeredArguments as Argument[]).map(argumentText)].join(' ');
  const rows = command.options.map(optionRow);
  return [
    `## \`${usage}\``,
    '',
    `${command.description().replace(/^./, (first) => first.toUpperCase())}.`,
    '',
    ...(rows.length > 0 ? ['| option | |', '|---|---|', ...rows, ''] : []),
    '',
  ].join('\n');
}

/** docs/cli.md, from the commands themselves; a test holds the two against each other. */
export function cliDocs(): string {
  const program = makeProgram({
    out: () => {},
    err: () => {},
    env: {},
    isWatched: false,
    signal: new AbortController().signal,
    exitWith: () => {},
  });
  const common = [
    '## Options of every command',
    '',
    '| option | |',
    '|---|---|',
    ...program.options.map(optionRow),
    '',
    '',
  ];
  const sections = program.commands.map((command) => section(command, 'postern'));
  return `${INTRODUCTION}${common.join('\n')}${sections.join('')}`
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()
    .concat('\n');
}
