/**
 * Calls on data, by service: CloudTrail's own history does not have them, and a trail only where it is told to.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
const ON_DATA: Readonly<Record<string, RegExp>> = {
  dynamodb:
    /^(?:(?:Batch)?(?:Get|Put|Write|Update|Delete)Item|Query|Scan|Transact(?:Get|Write)Items|(?:Batch)?Execute(?:Statement|Transaction)|GetRecords)$/,
  lambda: /^Invoke/,
  logs: /^PutLogEvents$/,
  s3: /Objects?(?:V2|Versions|Acl|Tagging|Attributes|Retention|LegalHold|Content|Torrent)?$|MultipartUploads?$|^UploadPart|^ListParts$|^HeadBucket$/,
  sns: /^Publish/,
  sqs: /Message(?:Batch|Visibility(?:Batch)?)?$/,
};

export const isDataEvent = (service: string, operation: string): boolean =>
  Object.hasOwn(ON_DATA, service) && (ON_DATA[service]?.test(operation) ?? false);
