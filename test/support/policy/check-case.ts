import { readIamData } from '../../../clients/iam/read-iam-data.ts';
import type { Holder, Surroundings } from '../../../policy/check/check.ts';
import { type CheckedPolicy, checkPolicy } from '../../../policy/check/check-policy.ts';
import { parsePolicyValue } from '../../../policy/parse/parse-policy.ts';
import type { Policy, PolicyType } from '../../../policy/parse/policy-model.ts';

/** What IAM knows of its services, read once. */
export const data = readIamData();

/** A policy that a check finds something in, and one that is just not such. */
export type CheckCase = {
  readonly id: string;
  readonly type: PolicyType;
  readonly fires: unknown;
  readonly spares: unknown;
  readonly holder?: Holder;
  readonly account?: string;
  readonly breakGlass?: readonly string[];
  readonly managed?: Readonly<Record<string, unknown>>;
  readonly references?: Readonly<Record<string, { policy: unknown; as: 'session' | 'committed' }>>;
};

export function policyOf(document: unknown, type: PolicyType = 'identity'): Policy {
  const read = parsePolicyValue(document, type);
  if (!read.ok) throw new Error(JSON.stringify(read.refusals));
  return read.policy;
}

const textOf = (document: unknown): string =>
  typeof document === 'string' ? document : JSON.stringify(document, null, 2);

function surroundings({ type, account, breakGlass, managed, references }: CheckCase): Surroundings {
  return {
    data,
    ...(account !== undefined && { account }),
    ...(breakGlass && { breakGlass }),
    ...(managed && {
      managed: new Map(Object.entries(managed).map(([name, entry]) => [name, policyOf(entry)])),
    }),
    ...(references && {
      references: new Map(
        Object.entries(references).map(([name, { policy, as }]) => [
          name,
          { policy: policyOf(policy, type), as },
        ]),
      ),
    }),
  };
}

/** Checks one side of a case. */
export const checkSide = (given: CheckCase, side: 'fires' | 'spares'): CheckedPolicy =>
  checkPolicy(
    { name: 'p', type: given.type, text: textOf(given[side]), ...(given.holder && { holder: given.holder }) },
    surroundings(given),
  );

export const idsOf = ({ findings }: CheckedPolicy): string[] => [...new Set(findings.map(({ id }) => id))];

/** The findings of an identity policy, by id. */
export const idsOfPolicy = (document: unknown, around: Partial<Surroundings> = {}): string[] =>
  idsOf(checkPolicy({ name: 'p', type: 'identity', text: textOf(document) }, { data, ...around }));
