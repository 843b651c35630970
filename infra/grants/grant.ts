import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { BrokeredRoleSpec } from '../../lambdas/shared/domain/brokered/brokered-role.ts';
import type { Archive } from '../constructs/storage/archive.ts';
import type { Keys } from '../constructs/storage/keys.ts';
import type { OutgoingEvents } from '../constructs/storage/outgoing-events.ts';
import type { Queues } from '../constructs/storage/queues.ts';
import type { Secrets } from '../constructs/storage/secrets.ts';
import type { Tables } from '../constructs/storage/tables.ts';
import type { Settings } from '../settings.ts';

/** What functions are granted permissions on. */
export type Resources = {
  /** Tells the account, the region and the partition. */
  readonly scope: Construct;
  readonly keys: Keys;
  readonly tables: Tables;
  readonly secrets: Secrets;
  readonly queues: Queues;
  readonly outgoing: OutgoingEvents;
  readonly archive: Archive;
  readonly settings: Settings;
  /** Of every account: whose sessions assume-role mints. */
  readonly brokeredRoles: readonly BrokeredRoleSpec[];
};

/** A resource that can only be named with a wildcard, and why; cdk-nag is told so. */
export type Wildcard = { readonly arn: string; readonly reason: string };

/** One thing that a function may do, with the environment variables that tell it where. */
export type Grant = {
  readonly statements: readonly PolicyStatement[];
  readonly variables: Readonly<Record<string, string>>;
  readonly wildcards?: readonly Wildcard[];
};
