import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { allowsAction, hasStarAction, isLimitedBy, isOpenOn } from './openness.ts';

export const b08DecryptWithEveryKey: Check = {
  id: 'B08',
  severity: 'high',
  title: 'decrypting with every key',
  why: 'Whatever is encrypted in the account is readable to who can reach it.',
  remedy: 'Name the keys, or the services that may decrypt for the caller (kms:ViaService).',
  types: ['identity', 'session'],
  *run({ policy }) {
    for (const statement of policy.statements) {
      if (!allowsAction(statement, 'kms:Decrypt') || !isOpenOn(statement, 'kms', 'key')) continue;
      if (
        hasStarAction(statement) ||
        isLimitedBy(
          statement,
          'kms:viaservice',
          'kms:resourcealiases',
          'kms:encryptioncontext:',
          'kms:requestalias',
        )
      )
        continue;
      yield { ...atElement(statement, 'resources'), detail: 'kms:Decrypt with every key.' };
    }
  },
};
