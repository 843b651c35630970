import { Duration, Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { justify } from '../../justify.ts';
import { RETAINED } from '../../retained.ts';

const TRAIL_NAME = 'postern-data-events';

/**
 * A trail of every item that is read or written in the catalog's tables: what a session really did, by its
 * source identity. CloudTrail charges for each event, so it is off unless `dataEvents` is set.
 */
export class DataEvents extends Construct {
  constructor(scope: Construct, id: string, { tables }: { tables: readonly string[] }) {
    super(scope, id);
    const { partition, region, account } = Stack.of(this);
    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{ expiration: Duration.days(365) }],
      removalPolicy: RETAINED,
    });
    justify(bucket, 'AwsSolutions-S1', 'It holds a log itself.');
    const trailArn = `arn:${partition}:cloudtrail:${region}:${account}:trail/${TRAIL_NAME}`;
    const cloudTrail = {
      principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceArn': trailArn } },
    };
    bucket.addToResourcePolicy(
      new PolicyStatement({ ...cloudTrail, actions: ['s3:GetBucketAcl'], resources: [bucket.bucketArn] }),
    );
    bucket.addToResourcePolicy(
      new PolicyStatement({
        ...cloudTrail,
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects(`AWSLogs/${account}/*`)],
      }),
    );
    const trail = new CfnTrail(this, 'Trail', {
      trailName: TRAIL_NAME,
      s3BucketName: bucket.bucketName,
      isLogging: true,
      enableLogFileValidation: true,
      advancedEventSelectors: [
        {
          name: "Items of the catalog's tables",
          fieldSelectors: [
            { field: 'eventCategory', equalTo: ['Data'] },
            { field: 'resources.type', equalTo: ['AWS::DynamoDB::Table'] },
            { field: 'resources.ARN', equalTo: [...tables] },
          ],
        },
      ],
    });
    const { policy } = bucket;
    if (policy) trail.node.addDependency(policy);
  }
}
