import type { Change } from '../../../shared/domain/access-request.ts';
import { sharePerson } from '../../../shared/domain/approvals/same-person.ts';
import { partsOf } from '../../../shared/domain/bundle/bundle.ts';
import { proposedPrincipal } from '../../../shared/domain/identity/proposed-principal.ts';
import { marksOf } from '../../../shared/domain/people/template.ts';
import type { Reason } from '../../../shared/domain/reason.ts';
import type { Case } from '../../decision-case.ts';

/**
 * Nobody changes what they themselves may do: not as another identity of the same person, nor as an owner. Their own
 * passkeys alone they may propose, which open nothing; others decide.
 */
export function changeOwnPolicy({ request, loaded }: Case, change: Change): Reason[] {
  const parts = partsOf(change) ?? [];
  const proposed = parts.flatMap((part) => proposedPrincipal(part)?.persons ?? []);
  const concerned = [...(loaded.targetPersons ?? []), ...proposed];
  if (loaded.ownPasskeys !== undefined) return [];
  const own =
    parts.some(({ target }) => target === request.principalId) ||
    sharePerson(marksOf(loaded.principal), concerned);
  return own
    ? [
        {
          code: 'change_own_policy',
        },
      ]
    : [];
}
