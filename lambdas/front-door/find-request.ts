import { requestIdSchema } from '../shared/domain/access-request.ts';
import { isAuditor } from '../shared/domain/identity/is-auditor.ts';
import type { RequestRow } from '../shared/domain/request-row.ts';
import type { Call } from '../shared/http/operation.ts';
import { Problem } from '../shared/http/problems.ts';
import { type SubjectTokens, subjectOfCall } from '../shared/requests/verify-subject.ts';

type ReadRow = { get(requestId: string): Promise<RequestRow | undefined> };
export type FindingPorts = { readonly requests: ReadRow; readonly subjectTokens: SubjectTokens };
type Asking = Pick<Call, 'caller' | 'id' | 'subjectToken' | 'actsFor' | 'delegation'>;

const notFound = () =>
  new Problem('request_not_found', 'Check the id; only its requester can see a request.');

/** The request of this id, whoever asks: for callers whose right to it was checked. */
export async function findRequest(id: string, requests: ReadRow): Promise<RequestRow> {
  const row = requestIdSchema.safeParse(id).success ? await requests.get(id) : undefined;
  if (!row) throw notFound();
  return row;
}

/**
 * A request on behalf of a user exists only for calls on behalf of that user: an agent talked round in one
 * customer's chat cannot pick up another customer's session.
 */
async function checkSubject(row: RequestRow, call: Asking, ports: FindingPorts): Promise<void> {
  const { delegation } = call;
  // What a gateway asked for in one of its sessions exists, for gateways, in that session alone.
  if (delegation && row.gateway?.sessionId !== delegation.sessionId) throw notFound();
  if (delegation) return;
  if (!row.subject) return;
  const subject = await subjectOfCall(call, call.subjectToken, ports.subjectTokens);
  if (!subject) {
    throw new Problem(
      'subject_token_invalid',
      'This request was made for a signed-in user: send their fresh token as X-Subject-Token.',
    );
  }
  if (subject.issuer !== row.subject.issuer || subject.id !== row.subject.id) throw notFound();
}

/** The caller's own request. Everybody else's does not exist. */
export async function findOwnRequest(call: Asking, ports: FindingPorts): Promise<RequestRow> {
  const row = await findRequest(call.id, ports.requests);
  if (row.principalId !== call.caller.id) throw notFound();
  await checkSubject(row, call, ports);
  return row;
}

/** A request the caller may read: its own, or as an auditor anybody's. */
export async function findReadableRequest(call: Asking, ports: FindingPorts): Promise<RequestRow> {
  const row = await findRequest(call.id, ports.requests);
  if (row.principalId === call.caller.id) await checkSubject(row, call, ports);
  else if (!isAuditor(call.caller)) throw notFound();
  return row;
}
