import type { Check } from '../check.ts';
import { memberOf } from '../json-members.ts';

export const g02NoVersion: Check = {
  id: 'G02',
  severity: 'error',
  title: 'no Version',
  why: 'Without Version AWS takes the language of 2008: policy variables such as ${aws:username} are then plain text, and match nothing.',
  remedy: 'Add "Version": "2012-10-17".',
  *run({ root }) {
    if (memberOf(root, 'Version')) return;
    yield {
      path: '',
      ...(root.position && { position: root.position }),
      detail: 'The policy has no Version, so it is read by the rules of 2008.',
      fix: (document) => {
        document.Version = '2012-10-17';
      },
    };
  },
};
