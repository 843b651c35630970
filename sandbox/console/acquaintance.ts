import type { KeyPair } from '../../demo/demo-place.ts';
import type { AuditAccess } from '../seed/audit-access.ts';

/** What the seed tells the console once people have keys. */
export type Acquaintance = {
  readonly principals: Readonly<Record<string, KeyPair>>;
  readonly audit: AuditAccess;
};
