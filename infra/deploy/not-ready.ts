/** What keeps a deployment from starting, and what to do about it, in one line. */
export class NotReady extends Error {
  override name = 'NotReady';
}
