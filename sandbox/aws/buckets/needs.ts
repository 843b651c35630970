import type { Authorization } from '../authorize.ts';
import { textIn } from '../operation.ts';
import type { AwsCall } from '../types.ts';

export const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;
export const objectArn = (bucket: string, key: string): string => `${bucketArn(bucket)}/${key}`;

/** What IAM is told of a listing. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/list_amazons3.html */
const LISTED: readonly (readonly [parameter: string, key: string])[] = [
  ['Prefix', 's3:prefix'],
  ['Delimiter', 's3:delimiter'],
  ['MaxKeys', 's3:max-keys'],
];

/** A call on a bucket, with what it lists of it. */
export const onBucket =
  (action: string) =>
  (call: AwsCall): Authorization[] => {
    const context = Object.fromEntries(
      LISTED.flatMap(([parameter, key]) => {
        const value = call.input[parameter];
        return value === undefined ? [] : [[key, String(value)]];
      }),
    );
    return [{ action, resource: bucketArn(textIn(call, 'Bucket')), context }];
  };

/** A call on an object; on one version of it, by the action for that. */
export const onObject =
  (action: string, ofVersion?: string) =>
  (call: AwsCall): Authorization[] => {
    const version = ofVersion === undefined ? undefined : call.input.VersionId;
    return [
      {
        action: version === undefined ? action : (ofVersion ?? action),
        resource: objectArn(textIn(call, 'Bucket'), textIn(call, 'Key')),
        ...(version !== undefined && { context: { 's3:VersionId': String(version) } }),
      },
    ];
  };
