import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { BrokeredRoleSpec } from '../../lambdas/shared/domain/catalog/brokered-role.ts';
import type { Settings } from '../settings.ts';
import type { Archive } from './archive.ts';
import type { Keys } from './keys.ts';
import type { Queues } from './queues.ts';
import type { Secrets } from './secrets.ts';
import type { Tables } from './tables.ts';

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
