import { PASSES_ROLE_TO } from '../data/dependent-actions.ts';
import { FORWARD_ACCESS } from '../data/forward-access.ts';
import type { IamData } from '../data/iam-data.ts';
import { accountOfAssumer, readAssumer } from './assumer.ts';
import type { Intent, WantedAccess } from './intent.ts';
import { placeholdersOf } from './read-name.ts';
import { nameOf, targetsOf } from './targets.ts';

/** What an access has to be told before it can be built. */
export type Needs = {
  readonly name: boolean;
  /** Its service calls KMS in the caller's name. */
  readonly key: boolean;
  /** One of its actions hands a role to a service. */
  readonly role: boolean;
  readonly account: boolean;
  readonly region: boolean;
};

/** Services of one place, and those whose ARNs name regions though a call may be about any. */
const WITHOUT_REGION: ReadonlySet<string> = new Set([
  's3',
  'iam',
  'sts',
  'organizations',
  'route53',
  'cloudfront',
]);

/** Whether calls of a service without a resource are made in a region, so that they can be limited to it. */
export function isRegional(service: string, data: IamData): boolean {
  if (WITHOUT_REGION.has(service)) return false;
  const templates = Object.values(data.serviceOf(service)?.resources ?? {}).map(([arn]) => arn);
  return templates.some((arn) => arn.split(':')[3] === '${Region}');
}

/** The name that was answered, in place of the one that there was. */
export const namedBy = (access: WantedAccess, nth: number, { answers }: Intent): WantedAccess => {
  const name = answers[`name.${nth + 1}`] ?? access.name;
  return name === undefined ? access : { ...access, name };
};

/** A key that is not the account's own needs nothing. */
export const hasOwnKey = (nth: number, { answers }: Intent): boolean =>
  answers[`key.${nth + 1}`] !== undefined && answers[`key.${nth + 1}`] !== 'no';
export const passesRole = (nth: number, { answers }: Intent): boolean =>
  answers[`role.${nth + 1}`] !== undefined && answers[`role.${nth + 1}`] !== 'none';

/** What the nth access has to be told, answered or not. */
export function needsOf(access: WantedAccess, nth: number, intent: Intent, data: IamData): Needs {
  const targets = targetsOf(access, data);
  const place = nameOf(namedBy(access, nth, intent), data)?.place;
  const templates = targets
    .flatMap(({ kinds }) => kinds)
    // A whole ARN says where it is.
    .filter(({ type }) => !(place && type === access.type))
    .map(({ template }) => template);
  const isOwnKey = hasOwnKey(nth, intent);
  const key = intent.answers[`key.${nth + 1}`] ?? '';
  const takesNothing = targets.some(({ kinds }) => kinds.length === 0);
  return {
    name: targets.some(({ kinds }) => kinds.some(({ template }) => placeholdersOf(template).length > 0)),
    key: targets.some(({ action }) => FORWARD_ACCESS[action] !== undefined),
    role: targets.some(({ action }) => PASSES_ROLE_TO.has(action)),
    account:
      templates.some((arn) => arn.includes('${Account}')) ||
      (isOwnKey && !key.startsWith('arn:')) ||
      (passesRole(nth, intent) && !intent.answers[`role.${nth + 1}`]?.startsWith('arn:')),
    region:
      templates.some((arn) => arn.includes('${Region}')) ||
      (isOwnKey && !key.startsWith('arn:')) ||
      (takesNothing && isRegional(access.service, data)),
  };
}

/** Whether a trust policy needs to know the role's own account. */
export function trustNeedsAccount({ answers }: Intent): boolean {
  const assumer = readAssumer(answers.assumedBy ?? 'none');
  return assumer !== undefined && assumer.kind !== 'none';
}

/** Whether somebody of another account assumes the role, who has to bring an ExternalId. */
export function needsExternalId({ answers }: Intent): boolean {
  const account = accountOfAssumer(readAssumer(answers.assumedBy ?? 'none') ?? { kind: 'none' });
  return account !== undefined && answers.account !== undefined && account !== answers.account;
}
