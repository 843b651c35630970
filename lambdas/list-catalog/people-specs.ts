import * as z from 'zod';
import { principalSchema } from '../shared/domain/principal.ts';
import type { OperationSpec } from '../shared/http/operation.ts';

export const principalListSchema = z
  .object({
    principals: z.array(principalSchema),
    caller: z.object({
      id: principalSchema.shape.id,
      mayProposePolicies: z
        .boolean()
        .describe('Whether the guardrails could ever let the caller change one.'),
      mayProposePrincipals: z.boolean(),
      auditor: z.boolean(),
    }),
  })
  .meta({ id: 'PrincipalList' });
export type PrincipalList = z.infer<typeof principalListSchema>;

export const listPrincipalsSpec = {
  id: 'listPrincipals',
  onlyAsks: true,
  method: 'GET',
  path: '/principals',
  summary: 'The people and agents that may ask.',
  description:
    'Oneself; everybody for auditors, and for whom the guardrails could ever let change a policy or a principal.',
  signed: true,
  query: z.strictObject({}),
  body: z.undefined(),
  answers: { 200: { description: 'The principals, by id.', schema: principalListSchema } },
  problems: [],
} as const satisfies OperationSpec;

export const accessMatrixSchema = z
  .object({
    groups: z.array(
      z.object({
        principals: z.array(z.string()).describe('Whom the guardrails answer alike.'),
        groups: z.array(z.string()).describe('What all of them are in.'),
        resources: z.array(
          z.object({
            key: z.string(),
            ownRows: z.boolean(),
            answers: z.array(
              z.object({
                answer: z.string().describe('Such as `allowed`, `1 approval` or `never`.'),
                actions: z.array(z.string()),
              }),
            ),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'AccessMatrix' });
export type AccessMatrix = z.infer<typeof accessMatrixSchema>;

export const getAccessMatrixSpec = {
  id: 'getAccessMatrix',
  onlyAsks: true,
  method: 'GET',
  path: '/access-matrix',
  summary: 'Who could be given what, and how many people that takes.',
  description: 'Of those whom `GET /principals` lists. Only the guardrails’ view.',
  signed: true,
  query: z.strictObject({
    resource: z.string().min(1).max(100).optional().describe('One catalog entry, by its key.'),
  }),
  body: z.undefined(),
  answers: { 200: { description: 'The matrix.', schema: accessMatrixSchema } },
  problems: [],
} as const satisfies OperationSpec;

export const PEOPLE_SPECS = [listPrincipalsSpec, getAccessMatrixSpec] as const;
