/** Where the archive's bucket is on the sandbox's endpoint: by path, named as the deployment's host names it. */
export function localArchiveUrl(archiveUrl: string, endpoint: string): string {
  const [bucket = ''] = new URL(archiveUrl).hostname.split('.');
  return `${endpoint}/${bucket}`;
}
