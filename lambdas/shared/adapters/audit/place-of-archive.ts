/**
 * A bucket and the endpoint it is asked at, of the address of an archive: `https://<bucket>.s3.<region>.…`, or the
 * sandbox's `http://127.0.0.1:<port>/<bucket>`.
 */
export function placeOfArchive(archiveUrl: string): { bucket: string; endpoint: string } {
  const url = new URL(archiveUrl);
  const [, name = ''] = url.pathname.split('/');
  if (name !== '') return { bucket: name, endpoint: url.origin };
  const label = url.hostname.indexOf('.s3.');
  return {
    bucket: url.hostname.slice(0, label),
    endpoint: `${url.protocol}//${url.hostname.slice(label + 1)}`,
  };
}
