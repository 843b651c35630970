import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Incoming } from '../forward/forward.ts';
import type { NamedCall } from '../identify/named-call.ts';
import { maskAnswer } from '../mask/mask-answer.ts';
import type { MaskPlan } from '../mask/plan-mask.ts';
import { notAllowed } from './refusals.ts';

/** Passes an answer on as it comes; answers how many bytes of its body there were. */
export async function passOn(
  answer: Incoming,
  response: ServerResponse,
  signal: AbortSignal,
  onBody: (piece: Buffer) => void,
): Promise<number> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  let bytesOut = 0;
  answer.body.on('data', (piece: Buffer) => {
    bytesOut += piece.length;
    onBody(piece);
  });
  await pipeline(answer.body, response, { signal });
  return bytesOut;
}

/** Reads an answer, masks it, and passes it on whole. Throws CallRefused where it cannot be read. */
export async function passMasked(
  answer: Incoming,
  response: ServerResponse,
  { call, plan }: { readonly call: NamedCall; readonly plan: MaskPlan },
  onBody: (piece: Buffer) => void,
): Promise<number> {
  const masked = await maskAnswer(answer, call, plan, onBody);
  if (!masked) throw notAllowed('its answer should be masked, and cannot be read');
  response.writeHead(answer.status, Object.fromEntries(masked.headers));
  response.end(masked.body);
  return masked.body.length;
}
