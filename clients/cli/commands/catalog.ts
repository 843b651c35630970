import type { Command } from 'commander';
import type { CatalogView } from '../../../lambdas/list-catalog/list-catalog-spec.ts';
import { brokerFor, type CliContext, commonOf, print } from '../cli-context.ts';

type Resource = CatalogView['resources'][number];

function needsOf({ needs, onBehalfOf }: Resource['actions'][number]): string {
  const approvals =
    needs.approvals > 0 ? [`${needs.approvals} approval${needs.approvals > 1 ? 's' : ''}`] : [];
  const codes = needs.stepUp > 0 ? [`${needs.stepUp} with a code`] : [];
  const behalf = onBehalfOf ? ['on behalf of a signed-in user'] : [];
  return [...approvals, ...codes, ...behalf].join(', ');
}

function describeResource({ resource, purpose, sensitivity, maxDurationSeconds, actions }: Resource): string {
  const width = Math.max(...actions.map(({ action }) => action.length));
  return [
    `${resource}  ${sensitivity}, at most ${maxDurationSeconds} s`,
    `  ${purpose}`,
    ...actions.map((action) => `  ${action.action.padEnd(width)}  ${needsOf(action)}`.trimEnd()),
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
      const text = view.resources.map(describeResource).join('\n\n');
      print(view, text || `Nothing: no guardrail allows ${view.principal} anything.`, options, context);
    });
}
