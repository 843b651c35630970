import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Delegation } from '../../lambdas/shared/domain/identity/delegation.ts';
import type { GatewayKeys } from '../keys/derive-keys.ts';
import type { Recorder } from '../record/record-calls.ts';
import { type FindingPorts, findDelegation } from './find-delegation.ts';
import { makePlaceholderKeys, type PlaceholderKeys } from './placeholder-keys.ts';

const bodySchema = z.strictObject({ delegation: z.string().max(128) });
const MOST_BYTES = 1024;

export type OpeningPorts = FindingPorts & { readonly keys: GatewayKeys; readonly recorder: Recorder };

/** Placeholder keys for a delegation. */
export async function openSession(
  delegation: Delegation,
  token: string,
  { keys, recorder }: OpeningPorts,
): Promise<PlaceholderKeys> {
  const { sessionId, principalId, subject, accountId, reason, endsAt } = delegation;
  await recorder.write(sessionId, 'opened', { callId: sessionId, principalId, ...(subject && { subject }) });
  const claims = {
    ...{ sessionId, delegation: token, principalId, accountId, endsAt },
    ...(subject && { subject }),
    ...(reason !== undefined && { reason }),
  };
  return makePlaceholderKeys(claims, keys);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(text);
}

/** `POST /_postern/sessions` `{delegation}`: the keys to call the gateway with. */
export function makeOpenSession(ports: OpeningPorts) {
  return async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const piece of incoming) {
      text += String(piece);
      if (text.length > MOST_BYTES) return answer(response, 400, { code: 'body_too_large' });
    }
    const body = bodySchema.safeParse(parse(text));
    const delegation = body.success ? await findDelegation(body.data.delegation, ports) : undefined;
    if (!body.success || !delegation) return answer(response, 403, { code: 'delegation_refused' });
    answer(response, 200, {
      sessionId: delegation.sessionId,
      ...(await openSession(delegation, body.data.delegation, ports)),
    });
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
