import { bucketOperations } from '../buckets/bucket-operations.ts';
import type { Buckets } from '../buckets/bucket-store.ts';
import { multipartOperations } from '../buckets/multipart-operations.ts';
import { objectOperations } from '../buckets/object-operations.ts';
import type { Room } from '../make-room.ts';
import { type NameOthers, serviceOf } from '../operation.ts';
import type { AwsCall, AwsService } from '../types.ts';

type Options = { readonly region: string; readonly room: Room; readonly nameOthers: NameOthers };

/** S3: the buckets that the catalog names, with versions; any other bucket is the audit log's archive. */
export function createS3(
  archive: AwsService,
  buckets: Buckets,
  { region, room, nameOthers }: Options,
): AwsService {
  const brokered = serviceOf(
    's3',
    {
      ...bucketOperations(buckets, region),
      ...objectOperations(buckets),
      ...multipartOperations(buckets, room),
    },
    nameOthers,
  );
  const serving = ({ input }: AwsCall): AwsService =>
    input.Bucket === undefined || buckets.has(String(input.Bucket)) ? brokered : archive;
  return {
    name: 's3',
    authorizations: (call) => serving(call).authorizations(call),
    handle: (call) => serving(call).handle(call),
  };
}
