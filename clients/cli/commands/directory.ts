import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { BrokerClient } from '../../sdk/broker-client.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { brokerFor, type CliContext, commonOf, print } from '../cli-context.ts';
import { proposeFor } from './propose.ts';

type View = Awaited<ReturnType<BrokerClient['directory']>>;
type Problem = NonNullable<View['people']>['problems'][number];

const WORDS: Readonly<Record<string, string>> = {
  email_shared: 'has the e-mail of another active user',
  email_missing: 'has no e-mail',
  email_unusable: 'has an e-mail that cannot be an id: too long, or with signs that ids have not',
  two_templates: 'is in the groups of two templates',
  sign_in_missing: 'lacks what the template signs in by',
  registered_elsewhere: 'is registered as another principal: by ARN, Slack user or sign-in',
  template_unusable: 'would not be a principal as the template has it',
};

function describeProblem(problem: Problem): string {
  if (problem.code === 'unreadable')
    return `${problem.kind} ${visibleText(problem.id)} cannot be read: nobody new comes in`;
  if (problem.code === 'slack_unavailable') return 'Slack could not be asked who people are';
  if ('template' in problem) {
    const count = problem.code === 'group_missing' ? 'no group' : 'more than one group';
    return `template ${problem.template}: the directory has ${count} "${visibleText(problem.group)}"`;
  }
  return `${visibleText(problem.userName)} is kept out: ${WORDS[problem.code] ?? problem.code}`;
}

const groupOf = (group: View['templates'][number]['group']) =>
  visibleText('externalId' in group ? group.externalId : group.displayName);

/** What people are told of the directory. Names in it are others' texts. */
export function describeDirectory({ templates, people }: View): string {
  const lines = templates.map(
    ({ id, version, group, groups }) =>
      `template ${id} (version ${version}): who is in "${groupOf(group)}" has ${groups.join(', ') || 'no groups'}`,
  );
  if (!people) return [...lines, 'The directory was never read.'].join('\n');
  const { readAt, users, groups, problemCount, problems } = people;
  return [
    ...lines,
    `read ${readAt}: ${users} users and ${groups} groups, of whom ${people.people} are principals`,
    ...problems.map((problem) => `  ${describeProblem(problem)}`),
    ...(problemCount > problems.length ? [`  and ${problemCount - problems.length} more`] : []),
  ].join('\n');
}

/** `postern directory` and `postern template`: whom the directory makes principals, and by which rules. */
export function addDirectory(program: Command, context: CliContext): void {
  program
    .command('directory')
    .description('whom the directory makes principals, and who is kept out; for auditors and admins')
    .action(async (_: unknown, command: Command) => {
      const options = commonOf(command);
      const view = await brokerFor(options, context).directory({ signal: context.signal });
      print(view, describeDirectory(view), options, context);
    });

  const template = program
    .command('template')
    .description('read what makes people of a group principals, or propose another');
  template
    .command('get')
    .description('a template as JSON: to be edited, and proposed')
    .argument('<id>')
    .action(async (id: string, _: unknown, command: Command) => {
      const options = commonOf(command);
      const { templates } = await brokerFor(options, context).directory({ signal: context.signal });
      const found = templates.find((each) => each.id === id);
      if (!found)
        throw new PosternError({
          code: 'template_not_found',
          detail: 'There is no such template: propose one.',
        });
      print(found, JSON.stringify(found, null, 2), options, context);
    });
  template
    .command('set')
    .description('propose a template; people approve it before anybody is a principal by it')
    .argument('<id>')
    .requiredOption('-f, --file <file>', 'the whole template, as JSON')
    .requiredOption('-r, --reason <text>', 'why')
    .option('--no-wait', 'propose, and do not wait for people')
    .action(async (target: string, _: unknown, command: Command) => {
      const own = command.opts<{ file: string; reason: string; wait: boolean }>();
      const proposal = await readFile(own.file, 'utf8');
      const change = { kind: 'template' as const, target, proposal, reason: own.reason };
      await proposeFor(change, own.wait, command, context);
    });
}
