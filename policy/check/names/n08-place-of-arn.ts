import type { IamData } from '../../data/iam-data.ts';
import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { literalParts } from './literal-parts.ts';

/** Services whose ARNs name neither region nor account, and those that name an account but no region. */
const PLACELESS: ReadonlySet<string> = new Set(['s3']);
const REGIONLESS: ReadonlySet<string> = new Set([
  'iam',
  'organizations',
  'cloudfront',
  'route53',
  'globalaccelerator',
  'health',
]);
const PLACED: ReadonlySet<string> = new Set([
  'dynamodb',
  'sqs',
  'lambda',
  'kms',
  'secretsmanager',
  'kinesis',
  'rds',
  'ecs',
  'logs',
]);
/** Kinds of resources of S3 that do name a place. */
const PLACED_IN_S3 =
  /^(?:accesspoint|access-grants|job|storage-lens|storage-lens-group|async-request|accesspointobject)[/*]/;

export const n08PlaceOfArn: Check = {
  id: 'N08',
  severity: 'error',
  title: 'a region or account where the ARN takes none, or the other way',
  why: 'Each part of an ARN is compared by itself: with a part too many or too few it matches no resource.',
  remedy: 'Leave the part empty, or fill it, as ARNs of this service have it.',
  *run({ policy, around: { data } }) {
    for (const statement of policy.statements)
      for (const [nth, pattern] of (statement.resources?.items ?? []).entries()) {
        const parts = literalParts(pattern);
        if (!parts) continue;
        const wrong = isWithoutRegion(parts, data) ? undefined : wrongPlace(parts);
        if (wrong) yield { ...atElement(statement, 'resources', nth), detail: `${pattern.text}: ${wrong}.` };
      }
  },
};

/** Kinds of resources of a service of regions that are of none, such as DynamoDB's old global tables. */
function isWithoutRegion(
  [, , service = '', region = '', account = '', resource = '']: readonly string[],
  data: IamData,
) {
  if (region !== '' || account === '') return false;
  return Object.values(data.serviceOf(service)?.resources ?? {}).some(([arn]) => {
    const [, , owner, place, , ...tail] = arn.split(':');
    const [start = ''] = tail.join(':').split('${');
    return owner === service && place === '' && start !== '' && resource.startsWith(start);
  });
}

function wrongPlace([, , service = '', region = '', account = '', resource = '']: readonly string[]):
  | string
  | undefined {
  const isNamed = (part: string) => part !== '' && part !== '*';
  if (PLACELESS.has(service) && !PLACED_IN_S3.test(resource)) {
    if (isNamed(region)) return `ARNs of ${service} name no region`;
    if (isNamed(account)) return `ARNs of ${service} name no account`;
  }
  if (REGIONLESS.has(service) && isNamed(region)) return `ARNs of ${service} name no region`;
  if (PLACED.has(service)) {
    if (region === '') return `ARNs of ${service} name a region`;
    if (account === '') return `ARNs of ${service} name an account`;
  }
  if (service === 'iam' && account === '') return 'ARNs of iam name an account';
  return undefined;
}
