import type { Check } from '../check.ts';
import { hitsBeyond } from './reference-hits.ts';

export const o05SessionWiderThanReference: Check = {
  id: 'O05',
  severity: 'high',
  title: 'a session policy wider than its reference',
  why: 'The session may do what it was not to be given.',
  remedy: 'Narrow it to what the reference allows.',
  types: ['session'],
  needs: ['references'],
  run: (subject) => hitsBeyond(subject, 'session'),
};
