import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { readIssuers } from '../../lambdas/shared/adapters/config/read-issuers.ts';
import type { Person } from '../../lambdas/shared/adapters/tables/add-people.ts';
import { problemOfArn } from '../../lambdas/shared/domain/identity/problem-of-arn.ts';
import { problemOfSignIn } from '../../lambdas/shared/domain/identity/sign-in/problem-of-sign-in.ts';
import { policySchema, principalSchema } from '../../lambdas/shared/domain/principal.ts';
import { NotReady } from './not-ready.ts';

const peopleSchema = z
  .array(z.strictObject({ principal: principalSchema, policy: policySchema.shape.text }))
  .min(1);

/** Reads the first principals of an organisation. Throws NotReady with what is wrong with the file. */
export function readPeople(file: string): Person[] {
  const problem = (what: string) => new NotReady(`${file}: ${what}; docs/deploy.md says how it reads`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw problem('cannot be read as JSON');
  }
  const parsed = peopleSchema.safeParse(value);
  if (parsed.success) {
    for (const arn of parsed.data.flatMap(({ principal }) => principal.awsPrincipals)) {
      const wrong = problemOfArn(arn);
      if (wrong) throw problem(`${arn} ${wrong}`);
    }
    for (const { principal } of parsed.data) {
      const wrong = problemOfSignIn(principal, readIssuers());
      if (wrong) throw problem(`${principal.id}: ${wrong}`);
    }
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  throw problem(`${issue?.path.map(String).join('.')} ${issue?.message}`);
}
