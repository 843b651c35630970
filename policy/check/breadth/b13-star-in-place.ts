import type { Check } from '../check.ts';
import { isStar } from '../matched-actions.ts';
import { literalParts } from '../names/literal-parts.ts';
import { atElement } from '../places.ts';
import { isEverything, isLimitedBy } from './openness.ts';

export const b13StarInPlace: Check = {
  id: 'B13',
  severity: 'medium',
  title: 'a star for an account or region',
  why: 'It means the same name wherever it is: in accounts that are not yours, and regions that nobody looks at.',
  remedy: 'Write the account and the region, or limit by aws:ResourceAccount.',
  types: ['identity', 'session'],
  *run({ policy }) {
    for (const statement of policy.statements) {
      if (statement.effect !== 'Allow' || statement.resources?.negated) continue;
      if (isLimitedBy(statement, 'aws:resourceaccount', 'aws:resourceorgid')) continue;
      for (const [nth, pattern] of (statement.resources?.items ?? []).entries()) {
        if (isStar(pattern) || isEverything(pattern) || /\$\{/.test(pattern.text)) continue;
        const [, , service, region, account] = literalParts(pattern) ?? [];
        const open = [...(region === '*' ? ['region'] : []), ...(account === '*' ? ['account'] : [])];
        // S3 names neither, and IAM no region.
        if (open.length === 0 || service === 's3') continue;
        yield {
          ...atElement(statement, 'resources', nth),
          detail: `${pattern.text} is of every ${open.join(' and ')}.`,
        };
      }
    }
  },
};
