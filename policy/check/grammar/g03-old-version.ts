import type { Check } from '../check.ts';
import { memberOf } from '../json-members.ts';

export const g03OldVersion: Check = {
  id: 'G03',
  severity: 'medium',
  title: 'Version 2008-10-17',
  why: 'By the rules of 2008 policy variables are plain text, so what was meant as "their own" matches nothing.',
  remedy: 'Write "Version": "2012-10-17", and look at every ${…}.',
  *run({ root, policy }) {
    const version = memberOf(root, 'Version');
    if (!version || policy.version !== '2008-10-17') return;
    yield {
      path: 'Version',
      ...(version.keyPosition && { position: version.keyPosition }),
      detail: 'The policy is written by the rules of 2008.',
      fix: (document) => {
        document.Version = '2012-10-17';
      },
    };
  },
};
