import type { ApprovalsConfig } from '../domain/approvals-config.ts';
import type { Catalog, CatalogResource } from '../domain/catalog.ts';
import type { Guardrails } from '../domain/guardrails.ts';
import { makeCedarGuardrails } from './cedar-guardrails.ts';
import { requiredEnv } from './environment.ts';
import { type ConfigDigests, readConfigFiles } from './read-config.ts';

/** The configuration as decisions use it: guardrails compiled, ARNs resolved for one account and region. */
export type Config = {
  readonly catalog: Catalog;
  readonly guardrails: Guardrails;
  readonly approvals: ApprovalsConfig;
  readonly digests: ConfigDigests;
};

export type Placeholders = { partition: string; region: string; accountId: string };

/** Fills in `${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}`. */
export function resolveArns(resource: CatalogResource, at: Placeholders): CatalogResource {
  const fill = (text: string) =>
    text
      .replaceAll('${AWS::Partition}', at.partition)
      .replaceAll('${AWS::Region}', at.region)
      .replaceAll('${AWS::AccountId}', at.accountId);
  return {
    ...resource,
    arns: resource.arns.map(fill),
    ...(resource.kmsKeyArn && { kmsKeyArn: fill(resource.kmsKeyArn) }),
  };
}

let kept: Config | undefined;

/** The configuration that ships with the function, loaded once a process. */
export function loadConfig(): Config {
  kept ??= makeConfig({
    partition: process.env.POSTERN_PARTITION ?? 'aws',
    region: requiredEnv('AWS_REGION'),
    accountId: requiredEnv('POSTERN_ACCOUNT_ID'),
  });
  return kept;
}

/** Loads the configuration of a folder for one account and region. Throws ConfigError. */
export function makeConfig(at: Placeholders, folder?: string): Config {
  const { catalog, approvals, guardrailsText, digests } = readConfigFiles(folder);
  const resources = new Map(catalog.resources.map((resource) => [resource.key, resolveArns(resource, at)]));
  return {
    catalog: { digest: digests.catalog, resources },
    guardrails: makeCedarGuardrails(guardrailsText, catalog, `${digests.guardrails}${digests.catalog}`),
    approvals,
    digests,
  };
}
