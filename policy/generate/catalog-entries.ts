import { whereverDeployed } from '../arn/wherever-deployed.ts';
import { actionFacts, type IamData } from '../data/iam-data.ts';
import { groupBy } from '../group-by.ts';
import { KEY_ARN } from './answer-problems.ts';
import type { Explained, OwnStatement } from './piece.ts';

/** A resource of the broker's catalog, as far as policies say what it is. */
export type EntryDraft = {
  readonly key: string;
  readonly kind: string;
  readonly arns?: readonly string[];
  readonly purpose: string;
  readonly sensitivity: 'confidential';
  readonly actions: Readonly<Record<string, readonly string[]>>;
  readonly maxDurationSeconds: number;
  readonly wholeArns?: boolean;
  readonly kmsKeyArn?: string;
};

/** What a catalog can have of a policy, and what not. */
export type CatalogDraft = {
  readonly entries: readonly EntryDraft[];
  readonly guardrails: string;
  /** What cannot be an entry, and why. */
  readonly leftOut: readonly string[];
};

/** The kinds of the catalog that are of one service, by the form of their ARNs. */
const KINDS: readonly (readonly [kind: string, arn: RegExp])[] = [
  ['dynamodb-index', /^arn:[^:]+:dynamodb:[^:]+:[^:]+:table\/[^/]+\/index\/[^/]+$/],
  ['dynamodb-table', /^arn:[^:]+:dynamodb:[^:]+:[^:]+:table\/[^/]+$/],
  ['s3-prefix', /^arn:[^:]+:s3:::[^/]+\/(?:.*\/)?$/],
  ['sqs-queue', /^arn:[^:]+:sqs:/],
  ['secret', /^arn:[^:]+:secretsmanager:[^:]+:[^:]+:secret:/],
  ['lambda-function', /^arn:[^:]+:lambda:[^:]+:[^:]+:function:[^:]+$/],
  ['log-group', /^arn:[^:]+:logs:[^:]+:[^:]+:log-group:[^:]+$/],
  ['cognito-user-pool', /^arn:[^:]+:cognito-idp:/],
];

/** An ARN as a catalog writes it: a prefix of a bucket ends in a slash, a secret and a log group in their names. */
const asListed = (arn: string): string => {
  if (/^arn:[^:]+:s3:::[^/*]+\/(?:[^*]*\/)?\*$/.test(arn)) return arn.slice(0, -1);
  if (/:secret:.*-\?{6}$/.test(arn)) return arn.slice(0, -'-??????'.length);
  return /:log-group:[^:*]+:\*$/.test(arn) ? arn.slice(0, -2) : arn;
};

/** A bucket, as the prefix that is all of it. */
const bucketOf = (arn: string): string => (/^arn:[^:]+:s3:::[^/*]+$/.test(arn) ? `${arn}/` : arn);

const levelOf = (action: string, data: IamData): string => {
  const level = actionFacts(data, action)?.level ?? 'P';
  if (level === 'R' || level === 'L') return 'read';
  return level === 'P' ? 'admin' : 'write';
};

const SHORTEST = 900;

/** Letters, digits and underscores, of which the first is a letter. */
function keyOf(arn: string, used: Set<string>): string {
  const tail = arn === '*' ? 'service_wide' : arn.split(':').slice(5).join('_');
  const service = arn === '*' ? '' : `${arn.split(':')[2] ?? ''}_`;
  const base = `${service}${tail}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  const short = base.length >= 2 ? base.slice(0, 56) : 'entry';
  let key = short;
  for (let nth = 2; used.has(key); nth += 1) key = `${short}_${nth}`;
  used.add(key);
  return key;
}

/** One line of 10 to 300 characters. */
const purposeOf = (because: readonly string[]): string => {
  const said = because.find((reason) => reason.includes('“')) ?? because[0] ?? '';
  const text = said
    .replace(/^it was asked for: /, 'Asked for: ')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .slice(0, 290);
  return text.length >= 10 ? text : `${text} (say what it is for)`;
};

type Group = { readonly isWhole: boolean; readonly actions: Set<string>; readonly because: string[] };

/** What is allowed through a service with a key, which an entry's own `kmsKeyArn` stands for. */
const keyOfStatement = ({ Action, Resource }: OwnStatement): string | undefined =>
  Action.every((action) => action.startsWith('kms:')) ? Resource.find((arn) => KEY_ARN.test(arn)) : undefined;

const viaOf = ({ Condition }: OwnStatement): string | undefined =>
  [Condition?.StringEquals?.['kms:ViaService'] ?? []].flat()[0]?.split('.')[0];

/**
 * Entries of a catalog for what statements allow, and the guardrails that a group needs for them: reading at once, all
 * else with an approval. A catalog names resources: what is allowed on a pattern is left out, and said to be.
 */
export function catalogDraftOf(statements: readonly Explained[], group: string, data: IamData): CatalogDraft {
  const leftOut: string[] = [];
  const groups = new Map<string, Group>();
  const put: Put = (arn, actions, because, isWhole = false) => {
    const found = groups.get(arn) ?? { isWhole, actions: new Set<string>(), because: [] };
    for (const action of actions) found.actions.add(action);
    found.because.push(...because);
    groups.set(arn, found);
  };
  const keys = new Map<string, string>();
  for (const { statement, because } of statements) {
    const key = keyOfStatement(statement);
    const via = viaOf(statement);
    if (key !== undefined && via !== undefined) keys.set(via, key);
    else placeStatement(statement, because, put, leftOut, data);
  }
  joinBuckets(groups);
  const used = new Set<string>();
  const entries = [...groups].map(([arn, found]) => entryOf(keyOf(arn, used), arn, found, keys, data));
  return { entries, guardrails: guardrailsOf(entries, group), leftOut };
}

type Put = (
  arn: string,
  actions: readonly string[],
  because: readonly string[],
  /** As it stood in the policy, with nothing taken from its end. */
  isWhole?: boolean,
) => void;

function placeStatement(
  { Sid, Action, Resource, Condition }: OwnStatement,
  because: readonly string[],
  put: Put,
  leftOut: string[],
  data: IamData,
): void {
  if (Action.includes('iam:PassRole')) {
    leftOut.push(`${Sid}: roles are not handed over by sessions; whoever deploys needs it`);
    return;
  }
  if (Resource.includes('*')) {
    const reading = Action.filter((action) => levelOf(action, data) === 'read');
    const other = Action.filter((action) => !reading.includes(action));
    if (reading.length > 0) put('*', reading, because);
    if (other.length > 0)
      leftOut.push(`${Sid}: ${other.join(', ')} on everything; an entry for everything only reads`);
    return;
  }
  for (const arn of new Set(Resource.map(asListed))) {
    const prefixes = [Condition?.StringLike?.['s3:prefix'] ?? []].flat();
    const listed =
      prefixes.length > 0 ? prefixes.map((prefix) => `${arn}/${prefix}`).map(asListed) : [bucketOf(arn)];
    for (const place of listed)
      if (/[*?]/.test(place)) leftOut.push(`${Sid}: ${place} is a pattern; a catalog names resources`);
      else put(place, Action, because, Resource.includes(arn));
  }
}

/** What is done to a whole bucket stands with the prefix of it that objects are of, where there is one alone. */
function joinBuckets(groups: Map<string, Group>): void {
  for (const [arn, group] of groups) {
    if (!/:s3:::[^/]+\/$/.test(arn)) continue;
    const inside = [...groups.keys()].filter((other) => other !== arn && other.startsWith(arn));
    const [only] = inside;
    if (inside.length !== 1 || only === undefined) continue;
    if ([...group.actions].some((action) => action !== 's3:ListBucket')) continue;
    for (const action of group.actions) groups.get(only)?.actions.add(action);
    groups.delete(arn);
  }
}

function entryOf(
  key: string,
  arn: string,
  { actions, because, isWhole }: Group,
  keys: ReadonlyMap<string, string>,
  data: IamData,
): EntryDraft {
  const kind = arn === '*' ? 'service-wide' : (KINDS.find(([, form]) => form.test(arn))?.[0] ?? 'exact-arns');
  const byLevel = Object.fromEntries(groupBy([...actions].sort(), (action) => levelOf(action, data)));
  const kmsKeyArn = kind === 'exact-arns' ? undefined : keys.get(arn.split(':')[2] ?? '');
  return {
    key,
    kind,
    ...(arn !== '*' && { arns: [whereverDeployed(arn)] }),
    ...(kind === 'secret' && /-[A-Za-z0-9]{6}$/.test(arn) && { wholeArns: isWhole }),
    purpose: purposeOf(because),
    sensitivity: 'confidential',
    actions: byLevel as Record<string, readonly string[]>,
    maxDurationSeconds: SHORTEST,
    ...(kmsKeyArn !== undefined && { kmsKeyArn: whereverDeployed(kmsKeyArn) }),
  };
}

const levelsOf = ({ actions }: EntryDraft, reading: boolean): string[] =>
  Object.keys(actions).filter((level) => (level === 'read') === reading);

/** A permit for the group on each entry, and an approval for all that is more than reading. */
function guardrailsOf(entries: readonly EntryDraft[], group: string): string {
  return entries
    .map((entry) => {
      const { key } = entry;
      const id = key.replaceAll('_', '-');
      const all = Object.keys(entry.actions).map((level) => `Action::"${level}"`);
      const changing = levelsOf(entry, false).map((level) => `Action::"${level}"`);
      return [
        `@id("${group}-use-${id}")`,
        `permit (principal in Group::"${group}", action in [${all.join(', ')}], resource == Resource::"${key}");`,
        ...(changing.length > 0
          ? [
              '',
              `@id("${id}-changes-need-human")`,
              `forbid (principal, action in [${changing.join(', ')}], resource == Resource::"${key}")`,
              'unless { context.approvals >= 1 };',
            ]
          : []),
      ].join('\n');
    })
    .join('\n\n');
}
