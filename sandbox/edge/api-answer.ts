import * as z from 'zod';

const answerSchema = z.object({
  statusCode: z.number().int(),
  headers: z.record(z.string(), z.string()).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(z.string())).nullish(),
  /** Of an HTTP API: each is a header of its own. */
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** What a function answered to API Gateway, as the response that it is. */
export function answerOf(answer: unknown): Response {
  const { statusCode, headers, multiValueHeaders, cookies, body, isBase64Encoded } =
    answerSchema.parse(answer);
  const sent = new Headers(headers ?? {});
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) sent.set(name, values.join(', '));
  for (const cookie of cookies ?? []) sent.append('set-cookie', cookie);
  const content = isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? '');
  return new Response(statusCode === 204 ? null : content, { status: statusCode, headers: sent });
}
