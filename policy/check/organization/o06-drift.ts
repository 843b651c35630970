import type { Check } from '../check.ts';
import { hitsBeyond } from './reference-hits.ts';

export const o06Drift: Check = {
  id: 'O06',
  severity: 'high',
  title: 'deployed wider than what was committed',
  why: 'Somebody changed the policy where it is deployed, and nobody reviewed it.',
  remedy: 'Deploy what was committed, or commit what is deployed and have it reviewed.',
  needs: ['references'],
  run: (subject) => hitsBeyond(subject, 'committed'),
};
