import { type CatalogResource, grantableActions } from '../catalog.ts';
import { partsAsWritten } from './check-arn.ts';
import { actionRow, carriesKey, type IamData, typesOfAction } from './iam-data.ts';
import { formOf } from './kind-forms.ts';
import { exampleOf, typesOfArn } from './types-of-arn.ts';

/**
 * A function's version or alias, which Invoke and a few others take although IAM's reference lists the function alone.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
 */
const QUALIFIED = new Set(['function alias', 'function version']);
const TAKE_QUALIFIED = new Set([
  'lambda:InvokeFunction',
  'lambda:GetFunction',
  'lambda:GetFunctionConfiguration',
  'lambda:InvokeFunctionUrl',
]);

/** The kinds of resources of an action that a catalog's ARN is of. */
function fitting(action: string, arn: string, iam: IamData): string[] {
  const [prefix = ''] = action.split(':');
  const service = iam.serviceOf(prefix);
  const row = actionRow(iam, action);
  if (!service || !row) return [];
  const wanted = typesOfAction(row);
  const types = typesOfArn(arn, service);
  if (TAKE_QUALIFIED.has(action) && types.some((type) => QUALIFIED.has(type))) return ['function'];
  return types.filter((type) => wanted.includes(type));
}

/**
 * The kinds of resources that a call of a writing action names together, as a backup and the table that is restored
 * from it. What reads, tags or gives a policy names one of them.
 */
function namedTogether(action: string, iam: IamData): string[] {
  const row = actionRow(iam, action);
  if (row?.[0] !== 'W') return [];
  const required = (row[1] ?? []).filter(([, isRequired]) => isRequired).map(([type]) => type);
  return required.length > 1 ? required : [];
}

const wantedIn = (action: string, iam: IamData): string => {
  const [prefix = ''] = action.split(':');
  const service = iam.serviceOf(prefix);
  const [type] = typesOfAction(actionRow(iam, action) ?? ['R']);
  if (!service || type === undefined)
    return 'it takes no resource: list it under the kind service-wide, if it reads';
  return `it is about a ${type}: ${exampleOf(type, service)}`;
};

/** Of a prefix's bucket only its settings are read, and only what is below the prefix is listed. */
function problemOnBucket(resource: CatalogResource, action: string, iam: IamData): string | undefined {
  const isWhole = resource.arns.every((arn) => /^[^/]+\/$/.test(partsAsWritten(arn).resource));
  if (isWhole || carriesKey(iam, action, 's3:prefix')) return undefined;
  const row = actionRow(iam, action);
  if (row?.[0] === 'R') return undefined;
  return `${action} reaches the whole bucket, and the entry a prefix of it; take it out, or list the whole bucket as arn:…:BUCKET/`;
}

function problemOfPrefix(resource: CatalogResource, action: string, iam: IamData): string | undefined {
  const types = typesOfAction(actionRow(iam, action) ?? ['R']);
  if (types.includes('object')) return undefined;
  if (types.includes('bucket')) return problemOnBucket(resource, action, iam);
  return `${action} is about neither a bucket nor its objects; ${wantedIn(action, iam)}`;
}

/** Whether an action can apply to each ARN of an entry whose kind is of one service. */
function problemOfFormed(resource: CatalogResource, action: string, iam: IamData): string | undefined {
  const { kind, arns } = resource;
  if (kind === 's3-prefix') return problemOfPrefix(resource, action, iam);
  const types = formOf(kind)?.types ?? [];
  const wanted = typesOfAction(actionRow(iam, action) ?? ['R']);
  const together = namedTogether(action, iam).filter((type) => !types.includes(type));
  if (together.length > 0)
    return `${action} also needs a ${together.join(' and a ')}; list the ARNs of both as exact-arns`;
  if (kind === 'log-group' && wanted.some((type) => types.includes(type))) return undefined;
  const other = arns.find((arn) => fitting(action, arn, iam).length === 0);
  if (other !== undefined) return `${action} cannot be done to ${other}; ${wantedIn(action, iam)}`;
  return kind === 'kms-key' && !carriesKey(iam, action, 'kms:ViaService')
    ? `${action} cannot be held to a service; take it out`
    : undefined;
}

function problemOfExact(resource: CatalogResource, iam: IamData): string | undefined {
  const actions = grantableActions(resource);
  for (const action of actions) {
    const types = resource.arns.flatMap((arn) => fitting(action, arn, iam));
    if (types.length === 0) return `${action} can be done to none of its ARNs; ${wantedIn(action, iam)}`;
    const missing = namedTogether(action, iam).find((type) => !types.includes(type));
    if (missing !== undefined) return `${action} also needs a ${missing}; add its ARN`;
  }
  const idle = resource.arns.find((arn) => actions.every((action) => fitting(action, arn, iam).length === 0));
  return idle && `none of its actions can be done to ${idle}; take the ARN out`;
}

/** Whether each action of an entry can be done to what it stands on: to each ARN, or where these are any, to one. */
export function problemOfFit(resource: CatalogResource, iam: IamData): string | undefined {
  if (resource.kind === 'exact-arns') return problemOfExact(resource, iam);
  if (resource.kind === 'service-wide') return undefined;
  for (const action of grantableActions(resource)) {
    const problem = problemOfFormed(resource, action, iam);
    if (problem) return problem;
  }
  return undefined;
}
