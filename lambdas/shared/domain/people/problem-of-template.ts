import type { IssuersConfig } from '../identity/issuers.ts';
import { problemOfSignIn } from '../identity/sign-in/problem-of-sign-in.ts';
import type { Template } from './template.ts';

/** A subject as an issuer with many customers might have it: what is wrong with all of them is wrong with the template. */
const ANY_SUBJECT = '0';

/** Why nobody could, or should, sign in as a template says; undefined where all is well. Repeats no value. */
export const problemOfTemplate = (
  { signIn }: Template,
  issuers: Pick<IssuersConfig, 'issuers'>,
): string | undefined =>
  problemOfSignIn({ signIn: signIn.map(({ issuer }) => ({ issuer, subject: ANY_SUBJECT })) }, issuers);
