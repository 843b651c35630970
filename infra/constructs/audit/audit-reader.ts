import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { AccountRootPrincipal, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allow } from '../../grants/allow.ts';
import { justifyWildcard } from '../../justify.ts';
import { AUDIT_READER_ROLE } from '../../names.ts';
import type { Archive } from '../storage/archive.ts';
import type { Keys } from '../storage/keys.ts';
import type { Tables } from '../storage/tables.ts';

type Props = { readonly tables: Tables; readonly keys: Keys; readonly archive: Archive };

const readable = (table: Table) =>
  allow(['dynamodb:Scan', 'dynamodb:Query', 'dynamodb:GetItem'], table.tableArn, `${table.tableArn}/index/*`);

/** The role of auditors, for whomever the account lets assume it: reads and verifies the log, and writes nothing. */
export class AuditReader extends Construct {
  constructor(scope: Construct, id: string, { tables, keys, archive }: Props) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      roleName: AUDIT_READER_ROLE,
      description: 'Postern: reads and verifies the audit log',
      maxSessionDuration: Duration.hours(4),
      assumedBy: new AccountRootPrincipal(),
      inlinePolicies: {
        read: new PolicyDocument({
          statements: [
            readable(tables.audit),
            allow(['dynamodb:Query'], tables.versions.tableArn),
            allow(['kms:VerifyMac'], keys.auditArn),
            allow(['kms:GetPublicKey'], keys.headsArn),
            allow(['kms:Decrypt'], keys.data.keyArn),
            allow(['s3:GetObject', 's3:GetObjectVersion'], archive.bucket.arnForObjects('*')),
            // A plain listing shows nothing of what a delete marker hides.
            allow(['s3:ListBucket', 's3:ListBucketVersions'], archive.bucket.bucketArn),
          ],
        }),
      },
    });
    for (const arn of [`${tables.audit.tableArn}/index/*`, archive.bucket.arnForObjects('*')])
      justifyWildcard(role, arn, 'Auditors read all of the log.');
  }
}
