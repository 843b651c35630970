import { COMPANIONS, NEEDED_SOMETIMES, PASSES_ROLE_TO } from '../data/dependent-actions.ts';
import { FORWARD_ACCESS } from '../data/forward-access.ts';
import { actionFacts, type IamData } from '../data/iam-data.ts';
import { domainOf, partitionOf } from '../data/places.ts';
import { KEY_ARN } from './answer-problems.ts';
import type { Intent, WantedAccess } from './intent.ts';
import { hasOwnKey, isRegional, namedBy, passesRole } from './needs.ts';
import type { Piece } from './piece.ts';
import { fillArn, type Kind, type ReadName } from './read-name.ts';
import { nameOf, type Target, targetsOf } from './targets.ts';

type Place = { readonly partition: string; readonly region: string; readonly account: string };

const NOWHERE: ReadName = { values: {} };

function placeOf({ answers }: Intent): Place {
  const { region = '*', account = '*' } = answers;
  return { partition: partitionOf(region), region, account };
}

/** The statements that an intent takes, with why each is there, before they are put together. Every question is answered. */
export function piecesOf(intent: Intent, data: IamData): Piece[] {
  return intent.accesses.flatMap((access, nth) => {
    const named = namedBy(access, nth, intent);
    const targets = targetsOf(named, data);
    return [
      ...targets.flatMap((target) => piecesOfTarget(named, target, intent, data)),
      ...targets.flatMap(({ action }) => companionsOf(action, intent, data)),
      ...(hasOwnKey(nth, intent) ? keyPieces(named, nth, targets, intent) : []),
      ...(passesRole(nth, intent) ? [...rolePieces(nth, targets, intent)] : []),
    ];
  });
}

const quoted = ({ words }: WantedAccess): string => `it was asked for: “${words}”`;

/** What is allowed on everything is at least limited to the region, where calls are made in one. */
function onEverything(action: string, because: string, intent: Intent, data: IamData): Piece {
  const [service = ''] = action.split(':');
  const { region } = intent.answers;
  return {
    actions: [action],
    resources: ['*'],
    conditions:
      isRegional(service, data) && region !== undefined
        ? { StringEquals: { 'aws:RequestedRegion': [region] } }
        : {},
    because: [because, `${action} takes no resource, so that it is on *`],
  };
}

function piecesOfTarget(access: WantedAccess, target: Target, intent: Intent, data: IamData): Piece[] {
  const { action, kinds } = target;
  if (kinds.length === 0) return [onEverything(action, quoted(access), intent, data)];
  const name = nameOf(access, data) ?? NOWHERE;
  return kinds.map((kind) => ({
    actions: [action],
    resources: resourcesOf(kind, access, name, intent),
    conditions: prefixOf(action, kind, name, data),
    because: [
      quoted(access),
      ...(kind.type === access.type || kind === kinds[0]
        ? []
        : [`each call of ${action} names a ${kind.type} as well`]),
    ],
  }));
}

function resourcesOf(kind: Kind, access: WantedAccess, name: ReadName, intent: Intent): string[] {
  const answered = placeOf(intent);
  const place = name.place ? { ...name.place, ...placeNotGiven(name.place, answered) } : answered;
  const arn = fillArn(kind.template, name.values, place);
  // AWS draws six characters behind a secret's name, and CloudWatch Logs names most of a group's actions with `:*`.
  if (kind.template.endsWith(':secret:${SecretId}'))
    return [/-[A-Za-z0-9]{6}$/.test(arn) && access.name?.startsWith('arn:') ? arn : withSuffix(arn)];
  return kind.template.endsWith(':log-group:${LogGroupName}') && !arn.endsWith('*')
    ? [arn, `${arn}:*`]
    : [arn];
}

const withSuffix = (arn: string): string => (arn.endsWith('*') ? arn : `${arn}-??????`);

/** An ARN without a region or an account says nothing of where other kinds of its service are. */
const placeNotGiven = (given: Place, answered: Place): Partial<Place> => ({
  ...(given.region === '' && { region: answered.region }),
  ...(given.account === '' && { account: answered.account }),
});

/** What lists a bucket for the sake of some objects in it lists those alone. */
function prefixOf(action: string, kind: Kind, { values }: ReadName, data: IamData): Piece['conditions'] {
  const { ObjectName: key } = values;
  if (kind.type !== 'bucket' || key === undefined || key === '*') return {};
  if (!actionFacts(data, action)?.keys.has('s3:prefix')) return {};
  const operator = key.endsWith('*') ? 'StringLike' : 'StringEquals';
  return { [operator]: { 's3:prefix': [key] } };
}

function companionsOf(action: string, intent: Intent, data: IamData): Piece[] {
  return (COMPANIONS[action] ?? []).map(({ action: needed, because }) =>
    onEverything(needed, `${action} needs it: ${because}`, intent, data),
  );
}

function keyPieces(access: WantedAccess, nth: number, targets: readonly Target[], intent: Intent): Piece[] {
  const { account, partition } = placeOf(intent);
  const answer = intent.answers[`key.${nth + 1}`] ?? '';
  const region = KEY_ARN.exec(answer)?.[1] ?? intent.answers.region ?? '*';
  const arn = answer.startsWith('arn:') ? answer : `arn:${partition}:kms:${region}:${account}:key/${answer}`;
  const via = `${access.service}.${region}.${domainOf(partitionOf(region))}`;
  const users = new Map<string, string[]>();
  for (const { action } of targets)
    for (const needed of FORWARD_ACCESS[action] ?? [])
      users.set(needed, [...(users.get(needed) ?? []), action]);
  return [...users].map(
    ([needed, actions]): Piece => ({
      actions: [needed],
      resources: [arn],
      conditions: {
        StringEquals: { 'kms:ViaService': [via] },
        ...(needed === 'kms:CreateGrant' && { Bool: { 'kms:GrantIsForAWSResource': ['true'] } }),
      },
      because: [
        `the key is your own, and ${access.service} uses it with the caller’s rights: ${needed} for ${actions.join(', ')}`,
      ],
    }),
  );
}

function* rolePieces(nth: number, targets: readonly Target[], intent: Intent): Generator<Piece> {
  const { account, partition } = placeOf(intent);
  const answer = intent.answers[`role.${nth + 1}`] ?? '';
  const arn = answer.startsWith('arn:') ? answer : `arn:${partition}:iam::${account}:role/${answer}`;
  for (const { action } of targets) {
    const takers = PASSES_ROLE_TO.get(action) ?? [];
    if (takers.length === 0) continue;
    yield {
      actions: ['iam:PassRole'],
      resources: [arn],
      conditions: {
        StringEquals: { 'iam:PassedToService': takers.map((taker) => `${taker}.${domainOf(partition)}`) },
      },
      because: [`${action} hands the role to the service, and IAM asks whether the caller may`],
    };
  }
}

/** What is not in the policy, and might be missed. */
export function notesOf(intent: Intent, data: IamData): string[] {
  const actions = intent.accesses.flatMap((access) => targetsOf(access, data).map(({ action }) => action));
  return [...new Set(actions)].flatMap((action) => {
    const sometimes = NEEDED_SOMETIMES[action];
    return sometimes === undefined ? [] : [`${action}: ${sometimes}. Ask for it where it is so.`];
  });
}
