import { type Command, Option } from 'commander';
import type {
  AccessReviewView,
  ReviewItemDetail,
  ReviewItemView,
} from '../../../lambdas/access-reviews/access-review-specs.ts';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import { PosternError } from '../../sdk/postern-error.ts';
import { REFERENCE } from '../ask-for-session.ts';
import { brokerFor, type CliContext, commonOf, print } from '../cli-context.ts';
import { dayAndTime } from '../show-time.ts';

const describeReview = ({ reviewId, state, items, closesAt }: AccessReviewView): string =>
  `${reviewId}  ${state}, ${items} principals, until ${dayAndTime(closesAt)}`;

/** Where an item is, in a line. Rationales are others' words. */
function stateOf({ state, overdue, decision, requestId, refused }: ReviewItemView): string {
  const late = overdue ? 'OVERDUE, ' : '';
  if (state === 'open' && refused)
    return `${late}open again: the change that was to take it away ${refused.requestId === undefined ? 'was never proposed' : `ended as ${refused.status ?? 'unknown'} (${refused.requestId})`}`;
  if (state === 'open') return `${late}open`;
  const who = `by ${decision?.decidedBy}: ${visibleText(decision?.rationale ?? '')}`;
  if (state === 'removing') return `${late}to be taken away by ${requestId ?? 'a change'}, ${who}`;
  return `${state} ${who}`;
}

const describeItem = (item: ReviewItemView): string =>
  [
    `${item.principalId} (${item.type}): ${stateOf(item)}`,
    `  could get ${item.resources} resources; ${item.jobs} jobs, ${item.breakGlass} for emergencies${item.approves.length > 0 ? `; approves for ${item.approves.join(', ')}` : ''}`,
    `  used ${item.sessions} sessions${item.lastAt ? `, the last ${dayAndTime(item.lastAt)}` : ''}`,
  ].join('\n');

function describeDetail({ item, access, used }: ReviewItemDetail): string {
  const list = (name: string, values: readonly string[]) =>
    values.length > 0 ? [`  ${name.padEnd(10)}${values.map(visibleText).join(', ')}`] : [];
  return [
    describeItem(item),
    ...list('groups', access.groups),
    ...list('persons', access.persons),
    ...access.couldGet.flatMap(({ resource, ownRows, answers }) =>
      answers.map(
        ({ answer, count, actions }) =>
          `  could get  ${resource}${ownRows ? ' (own rows)' : ''}: ${answer}: ${actions.join(', ')}${count > actions.length ? ` and ${count - actions.length} more` : ''}`,
      ),
    ),
    ...access.jobs.map(
      ({ job, grants, breakGlass }) =>
        `  job        ${job}: ${grants.join(', ')}${breakGlass ? ', for emergencies' : ''}`,
    ),
    ...list('approves', access.approves),
    ...list('proposes', access.proposes),
    ...(access.auditor ? ['  reads everything: an auditor'] : []),
    ...list('signs in', access.signsIn),
    ...(access.template === undefined ? [] : [`  made by    the template ${access.template}`]),
    `  used since ${used.since.slice(0, 10)}: ${used.complete ? '' : 'at least '}${used.sessions} sessions`,
    ...used.resources.map(({ resource, sessions }) => `    ${resource}: ${sessions}`),
    `  digest     ${item.digest}`,
  ].join('\n');
}

type Decided = {
  keep?: boolean;
  remove?: boolean;
  rationale: string;
  digest: string;
  group?: string[];
  job?: string[];
  reference?: string[];
};

/** `postern access-review`: who could get what, looked at by others, and kept or taken away. */
export function addAccessReview(program: Command, context: CliContext): void {
  const { signal } = context;
  const reviews = program
    .command('access-review')
    .description('who could get what: look at it, and keep it or have it taken away');

  reviews
    .command('list')
    .description('the reviews; or the principals in one of them')
    .argument('[review-id]')
    .action(async (reviewId: string | undefined, _: unknown, command: Command) => {
      const options = commonOf(command);
      const broker = brokerFor(options, context);
      if (reviewId === undefined) {
        const list = await broker.listAccessReviews({ signal });
        const text = list.reviews.map(describeReview).join('\n') || 'There is no access review yet.';
        return print(list, text, options, context);
      }
      const items: ReviewItemView[] = [];
      let page = await broker.getAccessReview(reviewId, { signal });
      items.push(...page.items);
      while (page.nextCursor !== undefined) {
        page = await broker.getAccessReview(reviewId, { cursor: page.nextCursor, signal });
        items.push(...page.items);
      }
      const text = [describeReview(page.review), ...items.map(describeItem)].join('\n');
      return print({ review: page.review, items }, text, options, context);
    });

  reviews
    .command('show')
    .description('what a principal could come by, and what it used of it')
    .argument('<review-id>')
    .argument('<principal>')
    .action(async (reviewId: string, principal: string, _: unknown, command: Command) => {
      const options = commonOf(command);
      const detail = await brokerFor(options, context).getAccessReviewItem(reviewId, principal, { signal });
      print(detail, describeDetail(detail), options, context);
    });

  reviews
    .command('decide')
    .description('keep the access of a principal, or propose the change that takes it away')
    .argument('<review-id>')
    .argument('<principal>')
    .addOption(new Option('--keep', 'it is still needed').conflicts('remove'))
    .option('--remove', 'the principal is suspended, or loses what --group and --job name')
    .requiredOption('-r, --rationale <text>', 'at least ten characters')
    .requiredOption('--digest <sha256>', 'of what was shown: `show` tells it')
    .option('--group <names...>', 'with --remove: these groups alone')
    .option('--job <names...>', 'with --remove: these jobs alone')
    .option(...REFERENCE)
    .action(async (reviewId: string, principal: string, _: unknown, command: Command) => {
      const options = commonOf(command);
      const {
        keep,
        remove,
        rationale,
        digest,
        group: groups,
        job: jobs,
        reference,
      } = command.opts<Decided>();
      if (!keep === !remove)
        throw new PosternError({ code: 'invalid_request', detail: 'Say --keep or --remove.' });
      const taken = { ...(groups && { groups }), ...(jobs && { jobs }) };
      const isPart = Object.keys(taken).length > 0;
      if (keep && (isPart || reference))
        throw new PosternError({
          code: 'invalid_request',
          detail: '--group, --job and --reference go with --remove.',
        });
      const detail = await brokerFor(options, context).decideAccessReviewItem(
        reviewId,
        principal,
        {
          decision: keep ? 'keep' : 'remove',
          rationale,
          digest,
          ...(isPart && { taken }),
          ...(reference && { references: reference }),
        },
        { signal },
      );
      print(detail, describeItem(detail.item), options, context);
    });

  reviews
    .command('open')
    .description('open one now, while none is open; its principals are there within minutes')
    .action(async (_: unknown, command: Command) => {
      const options = commonOf(command);
      const opened = await brokerFor(options, context).openAccessReview({ signal });
      print(opened, `${opened.reviewId} is being opened`, options, context);
    });
}
