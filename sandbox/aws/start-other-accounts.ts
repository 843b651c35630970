import { AwsError } from '../../gateway/wire/aws-error.ts';
import type { CatalogResource } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { sampleSecret } from './brokered/fill-with-samples.ts';
import { startBrokered } from './brokered/start-brokered.ts';
import type { OtherRoles, Roles } from './credential-store.ts';
import { throughKeys } from './kms/through-services.ts';
import type { createAccountReads } from './services/account-reads.ts';
import { createIam } from './services/iam.ts';
import { createSecretsManager } from './services/secrets-manager.ts';
import type { AwsService } from './types.ts';

type Options = {
  readonly roles: OtherRoles;
  /** All of it: each account has what names it. */
  readonly catalog: readonly CatalogResource[];
  readonly region: string;
  readonly url: () => string;
  /** Services that are the same in every account. */
  readonly shared: readonly AwsService[];
  readonly readsOf: (roles: Roles) => ReturnType<typeof createAccountReads>;
};

/** A bucket that is not the account's own: as on AWS, whoever asks is not told whether there is one. */
const NO_BUCKET: AwsService = {
  name: 's3',
  authorizations: () => [],
  handle: async () => {
    throw new AwsError('AccessDenied', 'Access Denied', 403);
  },
};

/**
 * The services of each other account, by the account of who calls: its IAM, and what the catalog names in it, each apart
 * from what is elsewhere. An account's services are made when somebody first calls as one of its sessions.
 */
export function startOtherAccounts({ roles, catalog, region, url, shared, readsOf }: Options) {
  const made = new Map<string, ReadonlyMap<string, AwsService>>();

  function start(accountId: string, own: Roles): ReadonlyMap<string, AwsService> {
    const place = { region, accountId };
    const brokered = startBrokered({
      ...place,
      catalog: catalog.filter(({ account }) => account?.id === accountId),
      own: { queues: [], topicArns: [] },
      archive: NO_BUCKET,
      url,
    });
    const secrets = createSecretsManager(
      brokered.resources.secrets,
      `arn:aws:secretsmanager:${region}:${accountId}:secret:`,
    );
    for (const { name } of brokered.resources.secrets) secrets.put(name, sampleSecret(name));
    const all = [...shared, createIam(own, readsOf(own)), ...brokered.services, secrets];
    return new Map(
      all.map((service) => [service.name, throughKeys(service, brokered.resources.keyOf, place)]),
    );
  }

  /** Undefined for an account that the sandbox does not have. */
  return (accountId: string): ReadonlyMap<string, AwsService> | undefined => {
    const own = roles.get(accountId);
    if (!own) return undefined;
    const services = made.get(accountId) ?? start(accountId, own);
    made.set(accountId, services);
    return services;
  };
}
