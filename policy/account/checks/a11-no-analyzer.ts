import type { AccountCheck } from '../account-check.ts';

export const a11NoAnalyzer: AccountCheck = {
  id: 'A11',
  severity: 'medium',
  title: 'no Access Analyzer',
  why: 'Nobody is told when something is shared outside of the account.',
  remedy: 'Make an analyzer for external access in every region that is used.',
  needs: ['analyzers'],
  *run({ analyzers = [] }) {
    if (!analyzers.some(({ isActive, type }) => isActive && !/UNUSED/.test(type)))
      yield { subject: 'account', detail: 'There is no active analyzer for external access.' };
  },
};
