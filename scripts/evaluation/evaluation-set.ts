import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { demoPrincipals } from '../../demo/principals.ts';
import { makeCedarGuardrails } from '../../lambdas/shared/adapters/config/cedar-guardrails.ts';
import { readConfigFiles } from '../../lambdas/shared/adapters/config/read-config.ts';
import { readIssuers } from '../../lambdas/shared/adapters/config/read-issuers.ts';
import { divideCatalog } from '../../lambdas/shared/domain/brokered/catalog-parts.ts';
import { catalogSchema } from '../../lambdas/shared/domain/catalog/catalog.ts';
import { expandAccounts } from '../../lambdas/shared/domain/catalog/expand-accounts.ts';
import { resolveArns } from '../../lambdas/shared/domain/catalog/resolve-arns.ts';
import { digestOf } from '../../lambdas/shared/domain/digest.ts';
import { type Principal, principalIdSchema, principalSchema } from '../../lambdas/shared/domain/principal.ts';
import { grantSchema } from '../../lambdas/shared/domain/review.ts';
import type { Rulebook } from '../../lambdas/validate-decision/decision-case.ts';

/** What a request is an example of. */
export const kindSchema = z.enum(['right', 'over_broad', 'injection', 'vague', 'wrong_subject']);
export type Kind = z.infer<typeof kindSchema>;

const requestSchema = z.strictObject({
  name: z.string(),
  kind: kindSchema,
  principal: principalIdSchema,
  reason: z.string().min(10).max(2000),
  /** The signed-in user on whose behalf it is asked. */
  subject: z.string().optional(),
  /** `deny`, or what the job needs, and what may be granted besides without harm. */
  expect: z.union([
    z.literal('deny'),
    z.strictObject({ needs: z.array(grantSchema).min(1), mayAlso: z.array(grantSchema).default([]) }),
  ]),
});
export type LabelledRequest = z.infer<typeof requestSchema>;

const setSchema = z.strictObject({
  organisation: z.string(),
  /** Files of the repository. */
  catalog: z.string(),
  guardrails: z.string(),
  principals: z.union([
    z.literal('demo'),
    z.array(
      z.strictObject({
        id: principalIdSchema,
        type: z.enum(['human', 'agent']),
        groups: z.array(z.string()),
        policy: z.string(),
      }),
    ),
  ]),
  requests: z.array(requestSchema).min(1),
});

/** An organisation whose requests are reviewed: its rules, who asks by which policy, and what they ask. */
export type Organisation = {
  readonly name: string;
  readonly rules: Rulebook;
  readonly people: ReadonlyMap<string, { readonly principal: Principal; readonly policy: string }>;
  readonly requests: readonly LabelledRequest[];
};

const HOME = { partition: 'aws', region: REGION, accountId: ACCOUNT_ID };
export const FOLDER = 'test/cases/evaluation';
export const ORGANISATIONS = ['bank', 'shop', 'clinic'] as const;

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

function rulesOf(catalogFile: string, guardrailsFile: string): Rulebook {
  const { catalog, problem } = expandAccounts(catalogSchema.parse(readJson(catalogFile)));
  if (!catalog) throw new Error(`${catalogFile}: ${problem.problem}`);
  const text = readFileSync(guardrailsFile, 'utf8');
  const { approvals, digests } = readConfigFiles('config');
  const own = { ...digests, catalog: digestOf(catalog), guardrails: digestOf(text) };
  return {
    catalog: {
      digest: own.catalog,
      resources: new Map(catalog.resources.map((entry) => [entry.key, resolveArns(entry, HOME)])),
      parts: divideCatalog(catalog.resources),
    },
    guardrails: makeCedarGuardrails(text, catalog, `${own.guardrails}${own.catalog}`),
    approvals,
    issuers: readIssuers('config'),
    digests: own,
    home: HOME,
  };
}

/** An organisation of the evaluation set, its catalog and guardrails compiled. Throws where its file is not as it must be. */
export function readOrganisation(name: (typeof ORGANISATIONS)[number]): Organisation {
  const set = setSchema.parse(readJson(`${FOLDER}/${name}.json`));
  const people =
    set.principals === 'demo'
      ? demoPrincipals('https://issuer.example', ACCOUNT_ID)
      : set.principals.map(({ policy, ...person }) => ({
          policy,
          principal: principalSchema.parse({
            ...person,
            status: 'active',
            awsPrincipals: [],
            persons: [person.id],
          }),
        }));
  return {
    name,
    rules: rulesOf(set.catalog, set.guardrails),
    people: new Map(people.map((person) => [person.principal.id, person])),
    requests: set.requests,
  };
}
