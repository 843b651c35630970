import * as z from 'zod';
import { shownReasonSchema } from '../domain/text/say-reason.ts';
import { PROBLEMS, type Problem, type ProblemCode } from './problems.ts';

const codes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** RFC 9457 problem details, with this API's extension members. */
export const problemSchema = z
  .object({
    type: z.string().describe('`urn:postern:problem:<code>`'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What to do about it.'),
    instance: z.string().optional().describe("This call's id in the gateway's log."),
    code: z.enum(codes).describe('Stable: branch on this.'),
    requestId: z.string().optional(),
    requestStatus: z.string().optional(),
    reasons: z.array(shownReasonSchema.meta({ id: 'Reason' })).optional(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

/** The problem as an HTTP response. `callId` is the gateway's id of the call. */
export function problemResponse(problem: Problem, callId?: string): Response {
  const { code, message, extras } = problem;
  const { retryAfterSeconds, allow, ...members } = extras;
  const { status, title } = PROBLEMS[code];
  const body = {
    type: `urn:postern:problem:${code}`,
    title,
    status,
    detail: message,
    ...(callId && { instance: `urn:uuid:${callId}` }),
    code,
    ...members,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      ...(allow && { allow: allow.join(', ') }),
      ...(code === 'token_refused' && { 'www-authenticate': 'Bearer error="invalid_token"' }),
    },
  });
}
