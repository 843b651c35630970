import { PARTITIONS, REGIONS } from '../../data/places.ts';
import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { literalParts } from './literal-parts.ts';

/** Regions, and the `aws-global` of services that have one place. */
const PLACES: ReadonlySet<string> = new Set([...REGIONS, 'aws-global', 'global']);

export const n12UnknownPlace: Check = {
  id: 'N12',
  severity: 'medium',
  title: 'a region or partition that AWS does not have',
  why: 'The ARN matches no resource. Most often it is a slip of the keyboard.',
  remedy: 'Correct it, or leave the part to a wildcard.',
  *run({ policy }) {
    for (const statement of policy.statements)
      for (const [nth, pattern] of (statement.resources?.items ?? []).entries()) {
        const [, partition = '', , region = ''] = literalParts(pattern) ?? [];
        const isWrong = (part: string, known: ReadonlySet<string>) =>
          part !== '' && !/[*?]/.test(part) && !known.has(part);
        if (isWrong(partition, PARTITIONS))
          yield { ...atElement(statement, 'resources', nth), detail: `AWS has no partition ${partition}.` };
        else if (isWrong(region, PLACES))
          yield { ...atElement(statement, 'resources', nth), detail: `AWS has no region ${region}.` };
      }
  },
};
