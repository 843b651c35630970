import type { FormCheck } from '../check.ts';

/** The parser tells a bad principal's place, and not its text: accounts are what goes wrong under AWS. */
export const n11AccountIdForm: FormCheck = {
  id: 'N11',
  severity: 'error',
  title: 'an account or principal that is none',
  why: 'An account id has twelve digits, zeros in front included; a principal has no wildcard but * alone.',
  remedy: 'Write the twelve digits in quotes, or the whole ARN of the user or role.',
  takes: ({ code, path }) => code === 'bad-principal' && /\.AWS(?:\[\d+\])?$/.test(path),
  tell: ({ path }) => `${path} is no account of twelve digits, and no user, role or session.`,
};
