import { requestIdSchema } from '../shared/domain/access-request.ts';
import type { AuditRecord } from '../shared/domain/audit/audit-record.ts';
import { isAuditor } from '../shared/domain/identity/is-auditor.ts';
import type { Principal } from '../shared/domain/principal.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import { type Answer, operation } from '../shared/http/operation.ts';
import { Problem } from '../shared/http/problems.ts';
import { courseOf } from './course-of-request.ts';
import { executionViewSchema, getExecutionSpec } from './record-specs.ts';

export type ExecutionPorts = {
  readonly requests: { get(requestId: string): Promise<RequestRow | undefined> };
  readonly audit: { ofRequest(requestId: string): Promise<AuditRecord[]> };
};

/** A request that was made for somebody is read with a token of theirs at the front door, and so not here. */
const mayRead = (caller: Principal, row: RequestRow): boolean =>
  isAuditor(caller) || (row.principalId === caller.id && !row.subject);

export const getExecution = operation({
  ...getExecutionSpec,
  async run({ caller, id }, { requests, audit }: ExecutionPorts): Promise<Answer> {
    const row = requestIdSchema.safeParse(id).success ? await requests.get(id) : undefined;
    if (!row || !mayRead(caller, row))
      throw new Problem('request_not_found', 'Check the id; only its requester and auditors see it.');
    const records = await audit.ofRequest(id);
    const body = executionViewSchema.parse({
      requestId: id,
      status: row.status,
      steps: courseOf(row.status, records),
      records,
    });
    return { status: 200, body };
  },
});
