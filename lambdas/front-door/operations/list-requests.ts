import * as z from 'zod';
import type { RequestStatus, Subject } from '../../shared/domain/access-request.ts';
import { isAuditor } from '../../shared/domain/identity/is-auditor.ts';
import type { RequestRow } from '../../shared/domain/request-row.ts';
import { type Answer, operation } from '../../shared/http/operation.ts';
import { Problem } from '../../shared/http/problems.ts';
import { type SubjectTokens, subjectOfCall } from '../../shared/requests/verify-subject.ts';
import { cursorAfter, readCursor } from '../list-cursor.ts';
import { listQuerySchema } from '../request-bodies.ts';
import { requestListSchema, viewOf } from '../request-views.ts';

const DEFAULT_LIMIT = 20;
/** Reads of the index for one answer: rows that are filtered out must not make it endless. */
const MOST_READS = 10;

/** Whether a row of the caller's own shows on behalf of this subject: rows of other subjects do not exist. */
const showsFor = (subject: Subject | undefined) => (row: RequestRow) =>
  !row.subject || (row.subject.issuer === subject?.issuer && row.subject.id === subject.id);

export type ListingPorts = {
  readonly requests: {
    /** A principal's requests, newest first. A filtered page can hold fewer rows than `limit`. */
    listByPrincipal(
      principalId: string,
      page: { limit: number; status?: RequestStatus; afterRequestId?: string },
    ): Promise<{ readonly rows: RequestRow[]; readonly lastRequestId?: string }>;
  };
  readonly subjectTokens: SubjectTokens;
};

export const listRequests = operation({
  id: 'listRequests',
  onlyAsks: true,
  method: 'GET',
  path: '/requests',
  summary: 'Own requests, newest first.',
  description:
    'Requests made for a signed-in user show only with that user’s token. A page can hold fewer requests than `limit`; `nextCursor` says whether there are more.',
  query: listQuerySchema,
  body: z.undefined(),
  readsSubjectToken: true,
  answers: { 200: { description: 'A page of requests.', schema: requestListSchema } },
  problems: ['auditor_required', 'subject_token_invalid', 'subject_keys_unavailable'],
  async run(call, ports: ListingPorts): Promise<Answer> {
    const { caller, query, subjectToken } = call;
    const principalId = query.principal ?? caller.id;
    const own = principalId === caller.id;
    if (!own && !isAuditor(caller)) {
      throw new Problem('auditor_required', 'Leave out "principal" to list your own requests.');
    }
    const subject = await subjectOfCall(call, subjectToken, ports.subjectTokens);
    const shows = own ? showsFor(subject) : () => true;

    const limit = query.limit ?? DEFAULT_LIMIT;
    const rows: RequestRow[] = [];
    let after = query.cursor === undefined ? undefined : readCursor(query.cursor, principalId);
    for (let read = 0; read < MOST_READS; read++) {
      const page = await ports.requests.listByPrincipal(principalId, {
        limit: limit - rows.length,
        ...(query.status && { status: query.status }),
        ...(after && { afterRequestId: after }),
      });
      rows.push(...page.rows.filter(shows));
      after = page.lastRequestId;
      if (!after || rows.length >= limit) break;
    }
    return {
      status: 200,
      body: { requests: rows.map((row) => viewOf(row)), ...(after && { nextCursor: cursorAfter(after) }) },
    };
  },
});
