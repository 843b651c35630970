import type { Check } from '../check.ts';
import { atElement } from '../places.ts';
import { literalParts } from './literal-parts.ts';

const PARTITIONS: ReadonlySet<string> = new Set([
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
]);

/** Regions that there are, and the `aws-global` of services that have one place. */
const REGIONS: ReadonlySet<string> = new Set(
  [
    'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2',
    'ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7',
    'ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3',
    'il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2',
    'sa-west-1 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1',
    'us-isob-west-1 eu-isoe-west-1 us-isof-east-1 us-isof-south-1 eusc-de-east-1 aws-global global',
  ].flatMap((line) => line.split(' ')),
);

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
        else if (isWrong(region, REGIONS))
          yield { ...atElement(statement, 'resources', nth), detail: `AWS has no region ${region}.` };
      }
  },
};
