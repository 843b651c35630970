import type { Command } from 'commander';
import type { CatalogView } from '../../../lambdas/list-catalog/list-catalog-spec.ts';
import { accountInWords } from '../../../lambdas/shared/domain/catalog/accounts.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { brokerFor, type CliContext, commonOf, print } from '../cli-context.ts';

type Job = NonNullable<CatalogView['jobs']>[number];
type Resource = CatalogView['resources'][number];

function needsOf({ needs, onBehalfOf, lacks }: Resource['actions'][number]): string {
  const approvals =
    needs.approvals > 0 ? [`${needs.approvals} approval${needs.approvals > 1 ? 's' : ''}`] : [];
  const codes = needs.stepUp > 0 ? [`${needs.stepUp} with a code`] : [];
  const behalf = onBehalfOf ? ['on behalf of a signed-in user'] : [];
  const besides = lacks ? [lacks === 'reference' ? 'with a reference' : 'with a fact from outside'] : [];
  return [...approvals, ...codes, ...besides, ...behalf].join(', ');
}

function describeResource(entry: Resource): string {
  const { resource, account, purpose, sensitivity, maxDurationSeconds, actions } = entry;
  const width = Math.max(...actions.map(({ action }) => action.length));
  return [
    `${resource}  ${sensitivity}, at most ${maxDurationSeconds} s`,
    `  ${purpose}`,
    ...(account ? [`  in ${accountInWords(account)}`] : []),
    ...actions.map((action) => `  ${action.action.padEnd(width)}  ${needsOf(action)}`.trimEnd()),
  ].join('\n');
}

/** A job: what it opens, and how it is asked for. */
function describeJob({ job, purpose, grants, durationSeconds, onBehalfOf, outdated }: Job): string {
  const who = onBehalfOf === 'subject' ? ', on behalf of a signed-in user' : '';
  return [
    `job ${job}  ${durationSeconds} s at most${who}${outdated ? ', OUTDATED: the catalog changed' : ''}`,
    `  ${visibleText(purpose)}`,
    ...grants.map(({ resource, actions }) => `  ${actions.join(', ')} on ${resource}`),
  ].join('\n');
}

/** `postern catalog`: what one could ever be granted. */
export function addCatalog(program: Command, context: CliContext): void {
  program
    .command('catalog')
    .description('what you could ever be granted, and what that takes')
    .action(async (_: unknown, command: Command) => {
      const options = commonOf(command);
      const view = await brokerFor(options, context).catalog({ signal: context.signal });
      const text = [...view.resources.map(describeResource), ...(view.jobs ?? []).map(describeJob)].join(
        '\n\n',
      );
      print(view, text || `Nothing: no guardrail allows ${view.principal} anything.`, options, context);
    });
}
