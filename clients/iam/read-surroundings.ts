import type { Surroundings } from '../../policy/check/check.ts';
import { parsePolicy } from '../../policy/parse/parse-policy.ts';
import type { Policy } from '../../policy/parse/policy-model.ts';
import { PosternError } from '../sdk/postern-error.ts';
import { readManaged } from './account/read-managed.ts';
import type { FoundPolicy } from './inputs/named-policy.ts';
import { readInputs } from './inputs/read-inputs.ts';
import { readIamData } from './read-iam-data.ts';

export type SurroundingOptions = {
  readonly account?: string;
  readonly breakGlass?: readonly string[];
  readonly managed?: string;
  readonly committed?: string;
  readonly sessionReference?: string;
};

const refused = (detail: string): PosternError => new PosternError({ code: 'invalid_policy', detail });

/** What a check knows beside the policies, as the command line says it. Throws `invalid_policy`. */
export async function surroundingsOf({
  account,
  breakGlass,
  managed,
  committed,
  sessionReference,
}: SurroundingOptions): Promise<Surroundings> {
  if (account !== undefined && !/^\d{12}$/.test(account)) throw refused('An account id has twelve digits.');
  const references = new Map<string, { policy: Policy; as: 'session' | 'committed' }>();
  if (committed !== undefined)
    references.set(committed, { policy: await readPolicy(committed), as: 'committed' });
  if (sessionReference !== undefined)
    references.set(sessionReference, { policy: await readPolicy(sessionReference), as: 'session' });
  return {
    data: readIamData(),
    ...(account !== undefined && { account }),
    ...(breakGlass && { breakGlass }),
    ...(managed !== undefined && { managed: await readManaged(managed) }),
    ...(references.size > 0 && { references }),
  };
}

async function readPolicy(file: string): Promise<Policy> {
  const { found } = await readInputs([file]);
  const [only] = found;
  if (found.length !== 1 || !only) throw refused(`${file} is not one policy`);
  return policyOf(only);
}

function policyOf({ name, type, text = '' }: FoundPolicy): Policy {
  const read = parsePolicy(text, type);
  if (read.ok) return read.policy;
  throw refused(`${name} is no ${type} policy: ${read.refusals[0].code} at ${read.refusals[0].path}`);
}
