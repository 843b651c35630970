import type { CatalogResource } from '../../../lambdas/shared/domain/catalog/catalog.ts';

/** A resource that an entry names, of a kind that the sandbox has. */
export type NamedResource = {
  readonly kind:
    | 'bucket'
    | 'queue'
    | 'topic'
    | 'secret'
    | 'function'
    | 'logGroup'
    | 'key'
    | 'userPool'
    | 'stateMachine';
  readonly arn: string;
  /** What follows the account, without the word that says the kind; of a bucket with what follows it. */
  readonly name: string;
  readonly entry: CatalogResource;
};

/** How the last part of an ARN reads, by service: the name is what the expression catches. */
const FORMS: Readonly<Record<string, readonly [kind: NamedResource['kind'], resource: RegExp]>> = {
  s3: ['bucket', /^([a-z0-9][a-z0-9.-]+(?:\/.*)?)$/s],
  sqs: ['queue', /^([\w-]+(?:\.fifo)?)$/],
  sns: ['topic', /^([\w-]+(?:\.fifo)?)$/],
  secretsmanager: ['secret', /^secret:(.+)$/],
  lambda: ['function', /^function:([\w-]+(?::[\w-]+)?)$/],
  logs: ['logGroup', /^log-group:([^:*]+)(?::.*)?$/],
  kms: ['key', /^key\/([\w-]+)$/],
  'cognito-idp': ['userPool', /^userpool\/([\w-]+)$/],
  states: ['stateMachine', /^stateMachine:([\w-]+)$/],
};

/** What of an entry's ARNs is in this account and region. S3's name neither. */
export function resourcesIn(
  entry: CatalogResource,
  { region, accountId }: { region: string; accountId: string },
): NamedResource[] {
  return entry.arns.flatMap((arn) => {
    const [, , service = '', inRegion, account, ...rest] = arn.split(':');
    const [kind, form] = FORMS[service] ?? [];
    const [, name] = form?.exec(rest.join(':')) ?? [];
    const isHere = service === 's3' || (inRegion === region && account === accountId);
    return kind && name && isHere ? [{ kind, arn, name, entry }] : [];
  });
}
