import * as z from 'zod';
import { peopleStateSchema } from '../shared/domain/people/people-problem.ts';
import { templateSchema } from '../shared/domain/people/template.ts';
import type { OperationSpec } from '../shared/http/operation.ts';

/** Whom the directory makes principals, and whom it does not. */
export const directoryViewSchema = z
  .object({
    templates: z.array(templateSchema),
    /** Of the last reading; absent where there was none. */
    people: peopleStateSchema.optional(),
  })
  .meta({ id: 'Directory' });

/** What the API document says of the operation; its `run` is in get-directory.ts. */
export const getDirectorySpec = {
  id: 'getDirectory',
  onlyAsks: true,
  method: 'GET',
  path: '/directory',
  summary: 'The templates that make people principals, and who is kept out.',
  description:
    'For auditors, and for whom the guardrails could ever let change a template. To change one, propose a change.',
  signed: true,
  query: z.strictObject({}),
  body: z.undefined(),
  answers: {
    200: {
      description: 'The templates in force, and what came of the last reading.',
      schema: directoryViewSchema,
    },
  },
  problems: ['auditor_required'],
} as const satisfies OperationSpec;
