import * as z from 'zod';
import { PosternError } from '../sdk/postern-error.ts';

const keysSchema = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string(),
  expiration: z.iso.datetime(),
});
export type GatewayKeys = z.infer<typeof keysSchema>;

/** Takes a delegation to its gateway, which answers placeholder keys: worth nothing at AWS. Throws PosternError. */
export async function openAtGateway(
  url: string | undefined,
  delegation: string,
  signal: AbortSignal,
): Promise<GatewayKeys> {
  if (!url || !URL.canParse(url)) {
    throw new PosternError({
      code: 'no_gateway',
      detail: 'Say where the gateway is: set POSTERN_GATEWAY, or --gateway.',
    });
  }
  const detail = 'The gateway does not answer as one: check POSTERN_GATEWAY, or --gateway.';
  const response = await fetch(new URL('/_postern/sessions', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ delegation }),
    redirect: 'error',
    signal,
  }).catch(() => {
    throw new PosternError({ code: 'gateway_unreachable', detail });
  });
  const keys = keysSchema.safeParse(await response.json().catch(() => undefined));
  if (keys.success) return keys.data;
  throw new PosternError({ code: 'gateway_unreachable', detail });
}
