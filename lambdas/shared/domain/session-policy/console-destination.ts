import * as z from 'zod';
import { partsOfArn } from '../../../../policy/arn/parts-of-arn.ts';
import { hostsOf } from '../partition-hosts.ts';

const policySchema = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Resource: z.union([z.string(), z.array(z.string())]).default([]),
    }),
  ),
});

/** Where a resource is, once its ARN is taken apart. `region` is never empty. */
type Place = { readonly region: string; readonly account: string; readonly dnsSuffix: string };

const encoded = encodeURIComponent;
const withoutWildcard = (text: string): string => text.replace(/\*.*$/, '');
/** What a resource is called behind its type: of `table/orders` or `function:report`. */
const behindType = (resource: string): string => resource.replace(/^[^/:]*[/:]/, '');

/** CloudWatch's own escape: encoded twice, with `$` for `%`. */
const inFragment = (text: string): string => encoded(encoded(text)).replaceAll('%', '$');

/**
 * Pages of the AWS console by service: that of one resource. None of them is documented as an interface; a page that has
 * moved opens its service's first.
 */
const PAGES: Readonly<Record<string, (resource: string, place: Place, arn: string) => string>> = {
  dynamodb: (resource, { region }) =>
    `/dynamodbv2/home?region=${region}#item-explorer?table=${encoded(behindType(resource).split('/')[0] ?? '')}`,
  s3(resource, { region }) {
    const [bucket = '', ...path] = withoutWildcard(resource).split('/');
    const folder = path.join('/').replace(/[^/]*$/, '');
    return `/s3/buckets/${encoded(bucket)}?region=${region}&tab=objects${folder && `&prefix=${encoded(folder)}`}`;
  },
  secretsmanager: (resource, { region }) =>
    `/secretsmanager/secret?name=${encoded(behindType(resource).replace(/-[A-Za-z0-9?]{6}$/, ''))}&region=${region}`,
  sqs: (name, { region, account, dnsSuffix }) =>
    `/sqs/v3/home?region=${region}#/queues/${encoded(`https://sqs.${region}.${dnsSuffix}/${account}/${name}`)}`,
  sns: (_, { region }, arn) => `/sns/v3/home?region=${region}#/topic/${arn}`,
  lambda: (resource, { region }) =>
    `/lambda/home?region=${region}#/functions/${encoded(behindType(resource).split(':')[0] ?? '')}`,
  logs: (resource, { region }) =>
    `/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/${inFragment(behindType(resource).split(':')[0] ?? '')}`,
  kms: (resource, { region }) => `/kms/home?region=${region}#/kms/keys/${encoded(behindType(resource))}`,
  'cognito-idp': (resource, { region }) =>
    `/cognito/v2/idp/user-pools/${encoded(behindType(resource))}/users?region=${region}`,
  states: (_, { region }, arn) => `/states/home?region=${region}#/statemachines/view/${encoded(arn)}`,
};

/** What a session policy allows something on, a key after what it encrypts; without what names no resource. */
function resourcesOf(sessionPolicy: string): string[] {
  const parsed = policySchema.safeParse(JSON.parse(sessionPolicy));
  const named = (parsed.data?.Statement ?? [])
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Resource }) => [Resource].flat())
    .filter((arn) => arn.startsWith('arn:'));
  const isKey = (arn: string) => arn.split(':')[2] === 'kms';
  return [...named.filter((arn) => !isKey(arn)), ...named.filter(isKey)];
}

/**
 * Where a session opens in the AWS console: at the first resource that it was granted, in that resource's region, or
 * `region` where its ARN names none; at the console's home where there is no page for it, as for `service-wide`.
 * Undefined for a partition that is not known. `roleArn` is the session's.
 */
export function consoleDestination(
  roleArn: string,
  sessionPolicy: string | undefined,
  region: string | undefined,
): string | undefined {
  const hosts = hostsOf(roleArn);
  if (!hosts) return undefined;
  const home = `https://${hosts.console}/console/home${region ? `?region=${encoded(region)}` : ''}`;
  for (const arn of sessionPolicy ? resourcesOf(sessionPolicy) : []) {
    const { resource, account, partition, ...named } = partsOfArn(arn);
    const service = arn.split(':')[2] ?? '';
    const place = named.region || region;
    // A page of another partition's console is none of this session's.
    if (!place || !Object.hasOwn(PAGES, service) || partition !== partsOfArn(roleArn).partition) continue;
    const page = PAGES[service]?.(resource, { region: place, account, dnsSuffix: hosts.dnsSuffix }, arn);
    return `https://${place}.${hosts.console}${page}`;
  }
  return home;
}
