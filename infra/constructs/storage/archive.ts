import { Duration, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';

import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { justify } from '../../justify.ts';
import { RETAINED } from '../../retained.ts';
import type { Settings } from '../../settings.ts';

/** The bucket in which audit records are kept where nobody can change them until their retention ends. */
export class Archive extends Construct {
  readonly bucket: Bucket;
  /** Without a slash at its end. */
  readonly url: string;

  constructor(scope: Construct, id: string, { key, settings }: { key: IKey; settings: Settings }) {
    super(scope, id);
    const retention = Duration.days(settings.archiveDays);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: settings.archiveForGood
        ? ObjectLockRetention.compliance(retention)
        : ObjectLockRetention.governance(retention),
      removalPolicy: RETAINED,
    });
    // Object Lock keeps every version, and lets a DELETE without a version hide one behind a delete marker.
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyDeletes',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [
          's3:DeleteObject',
          's3:DeleteObjectVersion',
          's3:BypassGovernanceRetention',
          's3:PutBucketVersioning',
          's3:PutLifecycleConfiguration',
        ],
        resources: [this.bucket.bucketArn, this.bucket.arnForObjects('*')],
      }),
    );
    justify(
      this.bucket,
      'AwsSolutions-S1',
      'One function writes it; CloudTrail data events tell who reads it.',
    );
    const { region, urlSuffix } = Stack.of(this);
    this.url = `https://${this.bucket.bucketName}.s3.${region}.${urlSuffix}`;
  }
}
