import * as z from 'zod';
import { accessLevelSchema, sensitivitySchema } from '../shared/domain/catalog/catalog.ts';
import { jobNameSchema, jobSchema } from '../shared/domain/jobs/job.ts';
import { quorumSchema } from '../shared/domain/verdict.ts';
import type { OperationSpec } from '../shared/http/operation.ts';

/** One catalog entry, as far as this principal could ever be granted it. */
const grantableResourceSchema = z.object({
  resource: z.string(),
  kind: z.string(),
  account: z
    .object({ id: z.string(), name: z.string(), unit: z.string().optional() })
    .optional()
    .describe('The account that it is in, and its organisational unit; absent where it is the broker’s own.'),
  purpose: z.string(),
  sensitivity: sensitivitySchema,
  maxDurationSeconds: z.number().int(),
  subjectScoped: z.boolean().describe('Only with a signed-in subject, and only that subject’s rows.'),
  actions: z.array(
    z.object({
      action: z.string(),
      level: accessLevelSchema,
      onBehalfOf: z.boolean().describe('Only on behalf of a signed-in subject.'),
      needs: quorumSchema.describe('Approvals the guardrails ask for; people may be asked for more.'),
      lacks: z
        .enum(['reference', 'fact'])
        .optional()
        .describe('Only of a request that names a reference; or with a fact from outside.'),
    }),
  ),
});
/** A job of the caller's. */
const jobViewSchema = jobSchema.extend({
  job: jobNameSchema,
  outdated: z
    .literal(true)
    .optional()
    .describe('Part of it is not in the catalog any more: it is denied until a change mends it.'),
});
export const catalogViewSchema = z
  .object({
    principal: z.string(),
    resources: z.array(grantableResourceSchema),
    jobs: z
      .array(jobViewSchema)
      .optional()
      .describe('What a change has fixed for it, to be asked for by name. No model is asked.'),
  })
  .meta({ id: 'Catalog' });
export type CatalogView = z.infer<typeof catalogViewSchema>;

/** What the API document says of the operation; its `run` is in list-catalog.ts, beside the guardrails. */
export const listCatalogSpec = {
  id: 'listCatalog',
  onlyAsks: true,
  method: 'GET',
  path: '/catalog',
  summary: 'What this principal could ever be granted.',
  description: 'Only the guardrails’ view: the reviewer, the policy and people may still say no.',
  signed: true,
  query: z.strictObject({}),
  body: z.undefined(),
  answers: { 200: { description: 'The catalog, for this principal.', schema: catalogViewSchema } },
  problems: [],
} as const satisfies OperationSpec;
