import { isWithin } from '../../questions/satisfiable.ts';
import type { Check } from '../check.ts';

const OF_AWS = /^arn:[^:]*:iam::aws:policy\//;

export const s05LikeAManagedPolicy: Check = {
  id: 'S05',
  severity: 'medium',
  title: 'an AWS managed policy, or wider',
  why: "AWS's managed policies are made for everybody; one that is as wide was most often copied from one.",
  remedy: 'Attach the managed policy, or name the resources that this one is for.',
  types: ['identity'],
  needs: ['managed'],
  *run({ policy, around: { managed } }) {
    for (const [name, theirs] of managed ?? []) {
      if (!OF_AWS.test(name) || !isWithin([[theirs]], [[policy]])) continue;
      const isEqual = isWithin([[policy]], [[theirs]]);
      yield {
        path: '',
        detail: isEqual ? `It allows just what ${name} does.` : `It allows all that ${name} does, and more.`,
      };
      return;
    }
  },
};
