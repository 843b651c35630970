import type { z } from 'zod';
import type { RequestRow } from '../shared/domain/request-row.ts';
import { openRequest } from './open-request.ts';
import type { Call } from './operation.ts';
import type { Ports } from './ports.ts';
import { Problem } from './problems.ts';
import type { newRequestSchema } from './request-bodies.ts';
import { verifySubject } from './verify-subject.ts';

/** Opens a request for access: verifies on whose behalf, and refuses what is not allow-listed. */
export async function askForAccess(
  body: z.output<typeof newRequestSchema>,
  dryRun: boolean,
  call: Pick<Call, 'caller' | 'idempotencyKey'>,
  ports: Ports,
): Promise<RequestRow> {
  const { reason, durationSeconds, subjectToken, callback } = body;
  if (callback) {
    throw new Problem(
      'callback_not_allowed',
      'callback: no state machine is allow-listed; poll the request instead.',
      {
        errors: [{ field: 'callback', message: 'is not allowed' }],
      },
    );
  }
  const subject =
    subjectToken === undefined
      ? undefined
      : await verifySubject(subjectToken, call.caller, ports.subjectTokens);
  return openRequest({ reason, dryRun, durationSeconds, subject }, call, ports);
}
