import type { ApprovalsConfig } from '../../domain/approvals/approvals-config.ts';
import { divideCatalog } from '../../domain/brokered/catalog-parts.ts';
import type { Catalog } from '../../domain/catalog/catalog.ts';
import { type Placeholders, resolveArns } from '../../domain/catalog/resolve-arns.ts';
import type { Guardrails } from '../../domain/guardrails/guardrails.ts';
import type { IssuersConfig } from '../../domain/identity/issuers.ts';
import { requiredEnv } from '../runtime/environment.ts';
import { makeCedarGuardrails } from './cedar-guardrails.ts';
import { type ConfigDigests, readConfigFiles } from './read-config.ts';
import { readIssuers } from './read-issuers.ts';

/** The configuration as decisions use it: guardrails compiled, ARNs resolved for one account and region. */
export type Config = {
  readonly catalog: Catalog;
  readonly guardrails: Guardrails;
  readonly approvals: ApprovalsConfig;
  readonly issuers: IssuersConfig;
  readonly digests: ConfigDigests;
  /** Where the broker runs. */
  readonly home: Placeholders;
};

let loaded: Config | undefined;

/** The configuration that ships with the function, loaded once a process. */
export function loadConfig(): Config {
  loaded ??= makeConfig({
    partition: process.env.POSTERN_PARTITION ?? 'aws',
    region: requiredEnv('AWS_REGION'),
    accountId: requiredEnv('POSTERN_ACCOUNT_ID'),
  });
  return loaded;
}

/** Loads the configuration of a folder for one account and region. Throws ConfigError. */
export function makeConfig(placeholders: Placeholders, folder?: string): Config {
  const { catalog, approvals, guardrailsText, digests } = readConfigFiles(folder);
  const resources = new Map(
    catalog.resources.map((resource) => [resource.key, resolveArns(resource, placeholders)]),
  );
  return {
    catalog: { digest: digests.catalog, resources, parts: divideCatalog(catalog.resources) },
    guardrails: makeCedarGuardrails(guardrailsText, catalog, `${digests.guardrails}${digests.catalog}`),
    approvals,
    issuers: readIssuers(folder),
    digests,
    home: placeholders,
  };
}
