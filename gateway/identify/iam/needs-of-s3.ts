import type { NamedCall, Need, Resource } from '../named-call.ts';
import type { Place } from './arn-template.ts';
import type { IamService } from './open-iam-data.ts';

const UNKNOWN: Resource = { kind: 'unknown' };
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Whether an action is on objects, as IAM's data has it; all others that a key is named for are on buckets. */
const isOnObjects = (action: string, s3: IamService): boolean =>
  (s3.action(action.slice('s3:'.length))?.row[1] ?? []).some(([kind]) => kind === 'object');

const ON_NOTHING = new Set(['s3:ListAllMyBuckets', 's3express:ListAllMyDirectoryBuckets']);

/** A directory bucket, whose ARN says its zone's account. Of all else that is not S3's own nothing is known. */
function outsideS3(action: string, bucket: unknown, { partition, region, account }: Place): Resource {
  const isDirectory =
    action.startsWith('s3express:') && typeof bucket === 'string' && /^[a-z0-9-]{3,50}--x-s3$/.test(bucket);
  return isDirectory
    ? { kind: 'known', arn: `arn:${partition}:s3express:${region}:${account}:bucket/${bucket}` }
    : UNKNOWN;
}

/** An object's or a bucket's ARN. A wildcard in a key would be one in a policy's eyes. */
function arnOf(bucket: unknown, key: unknown, { partition }: Place): Resource {
  if (typeof bucket !== 'string' || !BUCKET.test(bucket)) return UNKNOWN;
  if (key === undefined) return { kind: 'known', arn: `arn:${partition}:s3:::${bucket}` };
  if (typeof key !== 'string' || key === '') return UNKNOWN;
  return { kind: 'known', arn: `arn:${partition}:s3:::${bucket}/${key}` };
}

/** The object that a copy reads: `bucket/key`, with or without a slash before it, and its version. */
function needsOfSource(source: unknown, place: Place): Need[] {
  if (source === undefined) return [];
  if (typeof source !== 'string') return [{ action: 's3:GetObject', resource: UNKNOWN }];
  const [path = '', query = ''] = source.split('?');
  const version = /^versionId=[\w.-]+$/.test(query);
  const action = version ? 's3:GetObjectVersion' : 's3:GetObject';
  const unknown = [{ action, resource: UNKNOWN }];
  if (query !== '' && !version) return unknown;
  let decoded: string;
  try {
    decoded = decodeURIComponent(path).replace(/^\//, '');
  } catch {
    return unknown;
  }
  const slash = decoded.indexOf('/');
  if (slash < 0) return unknown;
  return [{ action, resource: arnOf(decoded.slice(0, slash), decoded.slice(slash + 1), place) }];
}

/** The action on one version of an object, where IAM has another for it than for the newest. */
function ofVersion(action: string, version: unknown, s3: IamService): string {
  const name = action.slice('s3:'.length).replace('Object', 'ObjectVersion');
  return version !== undefined && s3.action(name) ? `s3:${name}` : action;
}

const GRANTS = ['ACL', 'GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWrite', 'GrantWriteACP'];

/** What headers of a call do besides: access control lists, tags, locks, and what governance holds. */
function besides(parameters: NamedCall['parameters'], operation: string, place: Place): Need[] {
  const { Bucket, Key } = parameters;
  const has = (...names: string[]) => names.some((name) => parameters[name] !== undefined);
  const isWrite = ['PutObject', 'CopyObject', 'CreateMultipartUpload'].includes(operation);
  const resource = arnOf(Bucket, Key, place);
  const actions = [
    isWrite && has(...GRANTS) ? 's3:PutObjectAcl' : '',
    isWrite && has('Tagging') ? 's3:PutObjectTagging' : '',
    isWrite && has('ObjectLockMode', 'ObjectLockRetainUntilDate') ? 's3:PutObjectRetention' : '',
    isWrite && has('ObjectLockLegalHoldStatus') ? 's3:PutObjectLegalHold' : '',
    operation === 'CreateBucket' && has(...GRANTS) ? 's3:PutBucketAcl' : '',
    parameters.BypassGovernanceRetention === true ? 's3:BypassGovernanceRetention' : '',
  ];
  return actions.filter((action) => action !== '').map((action) => ({ action, resource }));
}

type Deleted = { readonly Key: string; readonly VersionId?: string };

/** What a call of S3 needs: by its key, its version, its headers, its source, and each of many keys. */
export function needsOfS3(
  { operation, parameters }: NamedCall,
  actions: readonly string[],
  place: Place,
  s3: IamService,
): Need[] {
  const { Bucket, Key, VersionId, CopySource } = parameters;
  const also = besides(parameters, operation.name, place);
  if (operation.name === 'DeleteObjects') {
    const { Objects = [] } = (parameters.Delete ?? {}) as { Objects?: readonly Deleted[] };
    const each = Objects.flatMap((object): Need[] => {
      const resource = arnOf(Bucket, object.Key, place);
      const bypass = also.length > 0 ? [{ action: 's3:BypassGovernanceRetention', resource }] : [];
      return [{ action: ofVersion('s3:DeleteObject', object.VersionId, s3), resource }, ...bypass];
    });
    return each.length > 0 ? each : [{ action: 's3:DeleteObject', resource: UNKNOWN }];
  }
  const needs = actions.map((action): Need => {
    const exact = ofVersion(action, VersionId, s3);
    if (ON_NOTHING.has(exact)) return { action: exact, resource: { kind: 'none' } };
    if (!exact.startsWith('s3:')) return { action: exact, resource: outsideS3(exact, Bucket, place) };
    return { action: exact, resource: arnOf(Bucket, isOnObjects(exact, s3) ? Key : undefined, place) };
  });
  return [...needs, ...also, ...needsOfSource(CopySource, place)];
}
