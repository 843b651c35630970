import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { TABLE_NAMES } from '../../infra/names.ts';
import { placeOfArchive } from '../../lambdas/shared/adapters/audit/place-of-archive.ts';
import { ARCHIVE_PREFIXES } from '../../lambdas/shared/domain/audit/archive-keys.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';
import { auditAccess } from '../seed/audit-access.ts';
import { newKey } from '../seed/demo-keys.ts';
import type { ResolvedTemplate } from '../template/types.ts';
import { GATEWAY_ROLE } from './gateway-seed.ts';

const table = (name: string) => `arn:aws:dynamodb:${REGION}:${ACCOUNT_ID}:table/${name}`;
const allow = (actions: readonly string[], resource: string, condition?: unknown) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resource,
  ...(condition !== undefined && { Condition: condition }),
});

/** What the gateway may do itself: ask, look at who asks, verify a seal, and write its records and bodies. It may assume no role. */
const mayWith = (archiveUrl: string, sealKeyArn: string) => ({
  Version: '2012-10-17',
  Statement: [
    // Whoever forwards verifies the seal, and makes none.
    allow(['kms:VerifyMac'], sealKeyArn),
    allow(['execute-api:Invoke'], '*'),
    allow(['dynamodb:BatchGetItem'], table(TABLE_NAMES.delegations)),
    allow(['dynamodb:BatchGetItem'], table(TABLE_NAMES.principals)),
    allow(['dynamodb:PutItem'], table(TABLE_NAMES.calls)),
    allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], table(TABLE_NAMES.once), {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['gateway#*'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    }),
    allow(['s3:PutObject'], `arn:aws:s3:::${placeOfArchive(archiveUrl).bucket}/${ARCHIVE_PREFIXES.calls}*`),
  ],
});

/** The key that ValidateDecision seals with. Throws where the template has none. */
export function sealKeyOf({ functions }: Pick<ResolvedTemplate, 'functions'>): string {
  const keyId = functions.map(({ env }) => env.SEAL_KEY_ID).find((id) => id !== undefined);
  if (keyId === undefined) throw new Error('no function of the template has a seal key');
  return keyId;
}

/** Keys of the gateway's role. */
export function gatewayCredential(
  aws: AwsEndpoint,
  template: ResolvedTemplate,
): { accessKeyId: string; secretAccessKey: string } {
  const key = newKey();
  aws.credentials.add({
    ...key,
    caller: {
      accountId: ACCOUNT_ID,
      arn: GATEWAY_ROLE.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/').concat('/sandbox'),
      userId: 'AROAPOSTERNGATEWAY:sandbox',
      accessKeyId: key.accessKeyId,
      identityPolicies: [mayWith(auditAccess(template, aws).archiveUrl, sealKeyOf(template))],
      principalTags: {},
      sessionIssuer: GATEWAY_ROLE,
    },
  });
  return key;
}
