import { readConfigFiles } from '../adapters/config/read-config.ts';
import { DEFAULT_CLAIM_COMMAND } from '../domain/approvals/approvals-config.ts';
import type { Wording } from './message-content.ts';

/** The configuration that messages are worded with, as it ships with the function. */
export function readWording(): Wording {
  const { catalog, approvals } = readConfigFiles();
  return {
    catalog: new Map(catalog.resources.map((resource) => [resource.key, resource])),
    tiers: approvals.tiers,
    claimCommand: approvals.claimCommand ?? DEFAULT_CLAIM_COMMAND,
  };
}
