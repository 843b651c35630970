import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { readIssuers } from '../config/read-issuers.ts';
import { requiredEnv } from '../runtime/environment.ts';
import { makeOnceTable } from '../tables/once-table.ts';
import type { PrincipalLookups } from '../tables/principal-lookups-table.ts';
import { makeCheckProof } from './check-proof.ts';
import { type IssuerKeys, makeIssuerKeys } from './issuer-keys.ts';
import { makeSignIn } from './sign-in.ts';

type Opened = {
  readonly client: DynamoDBDocumentClient;
  readonly clock: () => Date;
  readonly principals: Pick<PrincipalLookups, 'findBySignIn'>;
  readonly keys?: IssuerKeys;
};

/** Signing in by tokens as a function's environment and configuration say it. */
export function openSignIn({ client, clock, principals, keys = makeIssuerKeys() }: Opened) {
  const once = makeOnceTable({ client, tableName: requiredEnv('ONCE_TABLE'), clock });
  const { signIn } = makeSignIn({ issuers: () => readIssuers(), principals, clock, keys });
  return { signIn, checkProof: makeCheckProof({ clock, once }) };
}
