import type { Wording } from '../../../slack-app/message-facts.ts';
import { readConfigFiles } from './read-config.ts';

/** The configuration that messages are worded with, as it ships with the function. */
export function readWording(): Wording {
  const { catalog, approvals } = readConfigFiles();
  return {
    catalog: new Map(catalog.resources.map((resource) => [resource.key, resource])),
    tiers: approvals.tiers,
  };
}
