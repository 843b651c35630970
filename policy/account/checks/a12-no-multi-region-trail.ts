import type { AccountCheck } from '../account-check.ts';

export const a12NoMultiRegionTrail: AccountCheck = {
  id: 'A12',
  severity: 'high',
  title: 'no trail of all regions',
  why: 'What is done where nobody looks leaves no trace that is kept.',
  remedy: 'Make a trail of all regions, into a bucket that is locked.',
  needs: ['trails'],
  *run({ trails = [] }) {
    if (!trails.some(({ isMultiRegion, isLogging }) => isMultiRegion && isLogging))
      yield { subject: 'account', detail: 'No trail of all regions is logging.' };
  },
};
