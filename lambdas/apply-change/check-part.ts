import { digestOf } from '../shared/domain/digest.ts';
import { ChangeStale } from '../shared/domain/errors.ts';
import { sharesTokensWith } from '../shared/domain/identity/sign-in/match-sign-in.ts';
import { isLeftToPeople, isOfDirectory } from '../shared/domain/people/directory-principal.ts';
import type { Principal } from '../shared/domain/principal.ts';

/**
 * Of a principal that the directory made, people change the status and the passkeys alone; and none makes active who is
 * out. They are suspended already: a change that would say it again would hold nobody when they return.
 */
export function checkDirectory(before: Principal | undefined, principal: Principal): void {
  if (!isOfDirectory(principal.id)) return;
  const isDone = sameAs(before, principal);
  if (
    !isDone &&
    (!isLeftToPeople(before, principal) || (before?.directory?.out && principal.status === 'active'))
  )
    throw new ChangeStale(
      'the directory says what this principal is; a change can suspend it, end that, or alter its passkeys',
    );
  if (!isDone && before?.directory?.out && sameAs({ ...before, version: principal.version }, principal))
    throw new ChangeStale(
      'it is suspended, as the directory has it out; "stopped": true in its "directory" keeps it so when it returns',
    );
}

/**
 * Refuses a principal as whom a token of another one could sign in too. Of two changes that come at once neither may
 * see the other; a token that fits both is then of nobody.
 */
export async function checkSignIn(
  principal: Principal,
  others: AsyncIterable<Principal> | Iterable<Principal>,
): Promise<void> {
  if (!principal.signIn?.length) return;
  for await (const other of others)
    if (sharesTokensWith(principal, [other]))
      throw new ChangeStale('a token that signs in as it could sign in as another principal too');
}

/** Whether the table holds just what this run would have written: then an earlier run of it did. */
export function sameAs(found: unknown, written: unknown): boolean {
  return found !== undefined && digestOf(found) === digestOf(written);
}
