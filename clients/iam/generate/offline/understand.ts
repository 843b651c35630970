import { REGIONS } from '../../../../policy/data/places.ts';
import type { Intent } from '../../../../policy/generate/intent.ts';
import { groupBy } from '../../../../policy/group-by.ts';
import type { ModelIntent } from '../intent-schema.ts';
import { type Clause, findClauses } from './find-clauses.ts';
import { refineOffline } from './refine-offline.ts';

export type Input = { readonly prose: string; readonly before: Intent | null };
export type ModelAccess = ModelIntent['accesses'][number];

/** What no single job needs. */
const TOO_MUCH =
  /\b(every ?thing|(?:full|admin|administrator|root|unrestricted) (?:access|rights|permissions)|all (?:actions|permissions|services|resources))\b/i;
const QUESTION = /^\s*(?:why|what|how come|explain|is|are|does|do|can|which)\b|\?\s*$/i;
const ACTION = /\b[a-z][a-z0-9-]{1,40}:[A-Z][A-Za-z0-9]{2,60}\b/g;
const ARN = /\barn:aws[a-z-]*:[a-z0-9-]+:[^\s"'`“”,;()]+/g;

const NOTHING = { accesses: [], account: null, region: null, assumedBy: null, externalId: null, about: [] };

/** A lone one in a text; of several, nobody knows which is meant. */
const only = (found: readonly string[]): string | null =>
  new Set(found).size === 1 ? (found[0] ?? null) : null;

/** Whose role it is, in the few ways that words say it plainly. */
function assumerIn(prose: string): string | null {
  const [, repository, branch] =
    /\bgithub\b.*?\b([\w-]+\/[\w.-]+)\b(?:.*?\b(?:branch|on)\s+([\w./-]+))?/i.exec(prose) ?? [];
  if (repository !== undefined && branch !== undefined)
    return `github:${repository}:ref:refs/heads/${branch}`;
  const [principal] = /arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]+/.exec(prose) ?? [];
  if (principal !== undefined && /\bassume/i.test(prose)) return principal;
  const [, name] =
    /\b(?:for|by|as|role of|used by|let|allow|permit)\s+(?:a |an |the |my |our |this )?(?:new )?(lambda|ec2 instance|ecs task)\b(?!(?: function)?(?: \S+)? to be\b)/i.exec(
      prose,
    ) ?? [];
  const services: Record<string, string> = {
    lambda: 'lambda',
    'ec2 instance': 'ec2',
    'ecs task': 'ecs-tasks',
  };
  const service = name === undefined ? undefined : services[name.toLowerCase()];
  return service === undefined ? null : `service:${service}`;
}

function accessOfClause({ job, verbs, name, words }: Clause): ModelAccess[] {
  const actions = [...new Set(verbs.flatMap((verb) => job.actions[verb] ?? []))].sort();
  if (actions.length === 0) return [];
  return [
    {
      service: job.service,
      resourceType: job.type,
      resourceName: name ?? null,
      actions,
      words,
      kmsKey: null,
      passedRole: null,
    },
  ];
}

/** Actions that the prose names itself, on the ARN or the kind that it names for their service. */
function accessesOfActions(prose: string, clauses: readonly Clause[]): ModelAccess[] {
  const names = prose.match(ACTION) ?? [];
  const arns = prose.match(ARN) ?? [];
  return [...groupBy(new Set(names), (name) => name.split(':')[0] ?? '')].map(([service, actions]) => {
    const clause = clauses.find(({ job }) => job.service === service);
    const arn = arns.find((each) => each.split(':')[2] === service);
    return {
      service,
      resourceType: clause?.job.type ?? typeByArn(service, arn),
      resourceName: arn?.replace(/[.,]$/, '') ?? clause?.name ?? null,
      actions,
      words: actions[0] ?? '',
      kmsKey: null,
      passedRole: null,
    };
  });
}

/** The kinds that have their own word at the end of an ARN; of others the model has to be asked. */
function typeByArn(service: string, arn: string | undefined): string | null {
  const [, , , , , resource = ''] = arn?.split(':') ?? [];
  const byService: Record<string, string> = {
    s3: resource.includes('/') ? 'object' : 'bucket',
    dynamodb: resource.includes('/index/') ? 'index' : 'table',
    sqs: 'queue',
    sns: 'topic',
    lambda: 'function',
    secretsmanager: 'Secret',
    ssm: 'parameter',
    kms: 'key',
    states: 'statemachine',
    kinesis: 'stream',
    ecr: 'repository',
    logs: 'log-group',
    events: 'event-bus',
    ec2: 'instance',
    iam: 'role',
  };
  return Object.hasOwn(byService, service) ? (byService[service] ?? null) : null;
}

/** Accesses to one thing, as one. */
function joined(accesses: readonly ModelAccess[]): ModelAccess[] {
  const byThing = groupBy(accesses, ({ service, resourceType, resourceName }) =>
    JSON.stringify([service, resourceType, resourceName]),
  );
  return [...byThing.values()].flatMap(([first, ...others]) =>
    first
      ? [{ ...first, actions: [...new Set([first, ...others].flatMap(({ actions }) => actions))].sort() }]
      : [],
  );
}

/** What a text says, by key words alone. */
export function understand({ prose, before }: Input): ModelIntent {
  if (QUESTION.test(prose))
    return { ...NOTHING, kind: 'question', about: [...new Set(prose.match(ACTION) ?? [])].slice(0, 20) };
  const clauses = findClauses(prose);
  const named = accessesOfActions(prose, clauses);
  const services = new Set(named.map(({ service }) => service));
  const found = joined([
    ...named,
    // Where the prose names a service's actions itself, they are all that is meant of it.
    ...clauses.filter(({ job }) => !services.has(job.service)).flatMap(accessOfClause),
  ]);
  const accesses = before ? refineOffline(prose, before, found) : found;
  if (accesses.length === 0 || TOO_MUCH.test(prose)) return { ...NOTHING, kind: 'unclear' };
  return {
    ...NOTHING,
    kind: 'policy',
    accesses,
    account: only(prose.match(/(?<![\d:])\b\d{12}\b(?!\d)/g) ?? []),
    region: only((prose.match(/\b[a-z]{2}(?:-[a-z]+)+-\d\b/g) ?? []).filter((word) => REGIONS.has(word))),
    assumedBy: assumerIn(prose),
  };
}
