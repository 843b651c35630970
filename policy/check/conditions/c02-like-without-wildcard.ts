import type { Check } from '../check.ts';
import { moveCondition } from '../edit-document.ts';
import { hasWildcard } from '../matched-actions.ts';
import { atCondition, operatorText } from '../places.ts';
import { eachCondition } from './each-condition.ts';
import { keyFacts } from './key-facts.ts';

export const c02LikeWithoutWildcard: Check = {
  id: 'C02',
  severity: 'high',
  title: 'StringLike without a wildcard, or an ARN under a String operator',
  why: 'StringLike says that a wildcard was meant; and String operators let a wildcard of an ARN reach over its colons into the account.',
  remedy: 'Write StringEquals for a plain text, ArnLike or ArnEquals for an ARN.',
  *run({ policy, around: { data } }) {
    for (const { statement, condition, nth } of eachCondition(policy)) {
      const { operator, key, values } = condition;
      const from = operatorText(operator);
      const isWild = values.some(hasWildcard);
      if (/^String(?:Not)?Like$/.test(operator.name) && !isWild && values.length > 0) {
        const to = from.replace(/(String(?:Not)?)Like/, (_, start) =>
          start === 'String' ? 'StringEquals' : 'StringNotEquals',
        );
        yield {
          ...atCondition(statement, nth),
          severity: 'low',
          detail: `${from} on ${key} has no wildcard in its values.`,
          fix: (document) => moveCondition(document, statement.index, { from, key, to }),
        };
      } else if (
        /^String(?:Not)?Like$/.test(operator.name) &&
        isWild &&
        keyFacts(data, key)?.type === 'A' &&
        values.some(({ text }) => hasOpenPlace(text))
      ) {
        yield {
          ...atCondition(statement, nth),
          detail: `${from} compares the ARN ${key} as a text: its wildcards reach over colons.`,
        };
      }
    }
  },
};

/** Whether a wildcard stands before the fifth colon of an ARN, where it could reach into the account. */
const hasOpenPlace = (text: string): boolean => /[*?]/.test(text.split(':').slice(0, 5).join(':'));
