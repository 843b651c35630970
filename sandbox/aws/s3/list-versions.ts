import { escapeXml } from '../escape-xml.ts';
import type { ObjectStore } from './object-store.ts';

/** Objects here are written once: each has one version. */
const VERSION_ID = 'null';

/**
 * The answer to ListObjectVersions, in one page: versions below a prefix, or with a delimiter what they have in common
 * up to it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export function listVersions(
  objects: ObjectStore,
  bucket: string,
  prefix: string,
  delimiter: string,
): string {
  const found = objects.list(bucket).filter(({ key }) => key.startsWith(prefix));
  const commonTo = (key: string): string | undefined => {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return end < 0 ? undefined : key.slice(0, end + delimiter.length);
  };
  const common = new Set(found.flatMap(({ key }) => commonTo(key) ?? []));
  const versions = found
    .filter(({ key }) => commonTo(key) === undefined)
    .map(
      ({ key, storedAt }) =>
        `<Version><Key>${escapeXml(key)}</Key><VersionId>${VERSION_ID}</VersionId><IsLatest>true</IsLatest>` +
        `<LastModified>${storedAt.toISOString()}</LastModified></Version>`,
    );
  const prefixes = [...common].map(
    (name) => `<CommonPrefixes><Prefix>${escapeXml(name)}</Prefix></CommonPrefixes>`,
  );
  return (
    '<?xml version="1.0" encoding="UTF-8"?><ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
    `<Name>${escapeXml(bucket)}</Name><Prefix>${escapeXml(prefix)}</Prefix><IsTruncated>false</IsTruncated>` +
    `${versions.join('')}${prefixes.join('')}</ListVersionsResult>`
  );
}
