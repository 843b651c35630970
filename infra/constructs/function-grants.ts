import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { BrokeredRoleSpec } from '../../lambdas/shared/domain/catalog/brokered-role.ts';
import type { Settings } from '../settings.ts';
import type { Archive } from './storage/archive.ts';
import type { Keys } from './storage/keys.ts';
import type { Queues } from './storage/queues.ts';
import type { Secrets } from './storage/secrets.ts';
import type { Tables } from './storage/tables.ts';

/** What functions are given permissions on. */
export type Resources = {
  readonly keys: Keys;
  readonly tables: Tables;
  readonly secrets: Secrets;
  readonly queues: Queues;
  readonly archive: Archive;
  readonly settings: Settings;
  /** Of every account: whose sessions assume-role mints. */
  readonly brokeredRoles: readonly BrokeredRoleSpec[];
};

/** What a function may do, and the variables that tell it where. */
export type FunctionGrants = {
  readonly statements: PolicyStatement[];
  readonly env: Record<string, string>;
};
