import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { Account } from '../../policy/account/account.ts';
import { type Audit, auditAccount } from '../../policy/audit/audit-account.ts';
import { isAtLeast, SEVERITIES, type Severity } from '../../policy/check/finding.ts';
import { answerControls } from '../../policy/compliance/answer-controls.ts';
import type { Framework } from '../../policy/compliance/framework.ts';
import { documentOfPolicy, rightSize } from '../../policy/right-size/right-size.ts';
import { type CliContext, commonOf, print } from '../cli/cli-context.ts';
import { PosternError } from '../sdk/postern-error.ts';
import { accountOf } from './account/account-of.ts';
import { collectedSchema } from './account/collected-account.ts';
import { frameworkOf } from './framework-of.ts';
import { type AuditReport, describeAudit } from './outputs/describe-audit.ts';
import { readIamData } from './read-iam-data.ts';

type Options = {
  readonly from: string;
  readonly breakGlass?: readonly string[];
  readonly compliance?: string;
  readonly rightSize?: boolean;
  readonly failOn: Severity | 'never';
};

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

/** `postern iam audit`: an account as it was collected, judged without AWS. */
export function addAudit(iam: Command, context: CliContext): void {
  iam
    .command('audit')
    .description(
      'judge an account by what was collected of it: escalations and effective access of each user and role, unused grants, credentials, trails; docs/iam.md says how to collect it',
    )
    .requiredOption('--from <file>', 'what was collected')
    .option('--break-glass <name...>', 'administrators for emergencies, by name; * stands for any text')
    .option('--compliance <framework>', 'answer the controls of a framework; a file is one of your own')
    .option('--right-size', 'suggest policies without what is known to be unused, each proved')
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 from this severity on')
        .choices([...SEVERITIES, 'never'])
        .default('high'),
    )
    .action(async (_: unknown, command: Command) => {
      const { from, breakGlass = [], compliance, rightSize: isSized, failOn } = command.opts<Options>();
      const framework = compliance === undefined ? undefined : await frameworkOf(compliance);
      const account = await readAccount(from);
      const report = reportOf(account, { breakGlass, framework, isSized: isSized === true });
      print(report, describeAudit(report), commonOf(command), context);
      const all = [...report.findings, ...report.principals.flatMap(({ escalations }) => escalations)];
      context.exitWith(failOn !== 'never' && all.some(({ severity }) => isAtLeast(severity, failOn)) ? 1 : 0);
    });
}

async function readAccount(file: string): Promise<Account> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw refused(`${file} cannot be read: ${error.code ?? 'unreadable'}`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(`${file} is no JSON: it may have been cut off.`);
  }
  const read = collectedSchema.safeParse(value);
  if (read.success) return accountOf(read.data);
  const [first] = read.error.issues;
  throw refused(
    `${file} is no collected account of version 1: ${first?.path.join('.') || 'the file'}: ${first?.message}`,
  );
}

type How = {
  readonly breakGlass: readonly string[];
  readonly framework: Framework | undefined;
  readonly isSized: boolean;
};

const patternOf = (name: string): RegExp =>
  new RegExp(
    `^${name
      .split('*')
      .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
  );

function reportOf(account: Account, { breakGlass, framework, isSized }: How): AuditReport {
  const data = readIamData();
  const audit = auditAccount(account, { breakGlass: breakGlass.map(patternOf) }, data);
  const findings = [...audit.findings, ...audit.principals.flatMap(({ escalations }) => escalations)];
  const notAsked = new Map(audit.notAssessed.map(({ id, why }) => [id, why]));
  return {
    ...audit,
    ...(framework && {
      compliance: {
        framework: framework.name,
        ...(framework.note && { note: framework.note }),
        controls: answerControls(framework, { findings, notAsked }),
      },
    }),
    ...(isSized && { rightSized: rightSizedOf(account, audit, data) }),
  };
}

/** For each principal with something known to be unused: its policies without that. */
function rightSizedOf(account: Account, audit: Audit, data: ReturnType<typeof readIamData>) {
  const held = new Map([...account.users, ...account.roles].map((entry) => [entry.arn, entry.policies]));
  return audit.principals.flatMap(({ arn, name, uses }) => {
    const policies = (held.get(arn) ?? []).flatMap(({ policy }) => policy ?? []);
    const sized = rightSize(policies, uses, data);
    return sized ? [{ name, removed: sized.removed, policies: sized.policies.map(documentOfPolicy) }] : [];
  });
}
