import { Command } from 'commander';
import { addAdopt } from '../adopt/adopt-command.ts';
import { addAuditCommands } from '../audit/audit-commands.ts';
import { writeLine } from '../audit/write-line.ts';
import { addEvidence } from '../evidence/evidence-commands.ts';
import { addIam } from '../iam/iam-commands.ts';
import type { CliContext } from './cli-context.ts';
import { addAccessReview } from './commands/access-review.ts';
import { addBreakGlass } from './commands/break-glass.ts';
import { addCalls } from './commands/calls.ts';
import { addCancel } from './commands/cancel.ts';
import { addCatalog } from './commands/catalog.ts';
import { addClaim } from './commands/claim.ts';
import { addConsole } from './commands/console.ts';
import { addCredentialProcess } from './commands/credential-process.ts';
import { addDirectory } from './commands/directory.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExec } from './commands/exec.ts';
import { addGateway } from './commands/gateway.ts';
import { addMcp } from './commands/mcp.ts';
import { addPolicy } from './commands/policy.ts';
import { addRequest } from './commands/request.ts';
import { addRevoke } from './commands/revoke.ts';
import { addServe } from './commands/serve.ts';
import { addStatus } from './commands/status.ts';
import { addWhoami } from './commands/whoami.ts';
import { addFolder } from './folder/folder-commands.ts';
import { addAgent } from './login/agent-command.ts';
import { addLogin } from './login/login-commands.ts';
import { addPasskeys } from './votes/passkeys-command.ts';
import { addVotes } from './votes/vote-commands.ts';

const EXIT_CODES = `
Exit codes: 0 granted, 2 usage, 3 denied, 4 timed out waiting, 5 expired, 1 anything else. \`exec\` ends with what its command ends with.`;

/** The command line, as one tree of commands; docs/cli.md is written from it. */
export function makeProgram(context: CliContext): Command {
  const program = new Command('postern')
    .description('Asks a Postern broker for access to AWS: one short-lived session for one job.')
    .option('--endpoint <url>', "the broker's base URL; or POSTERN_API")
    .option('--profile <name>', 'the AWS profile that signs the calls')
    .option('--region <region>', "the broker's region")
    .option('--json', 'one line of JSON instead of text')
    .addHelpText('after', EXIT_CODES)
    .configureOutput({
      writeOut: (text) => context.out(text.trimEnd()),
      writeErr: (text) => context.err(text.trimEnd()),
    })
    .exitOverride();
  addRequest(program, context);
  addStatus(program, context);
  addClaim(program, context);
  addCancel(program, context);
  addRevoke(program, context);
  addBreakGlass(program, context);
  addAccessReview(program, context);
  addVotes(program, context);
  addPasskeys(program, context);
  addExec(program, context);
  addConsole(program, context);
  addCredentialProcess(program, context);
  addServe(program, context);
  addGateway(program, context);
  addCalls(program, context);
  addMcp(program, context);
  addCatalog(program, context);
  addPolicy(program, context);
  addDirectory(program, context);
  addFolder(program, context);
  addAdopt(program, context);
  const ports = { env: context.env, write: writeLine, fail: context.err };
  addAuditCommands(program, ports, context.exitWith);
  addEvidence(program, ports, context.exitWith);
  addLogin(program, context);
  addAgent(program, context);
  addWhoami(program, context);
  addDoctor(program, context);
  addIam(program, context);
  return program;
}
