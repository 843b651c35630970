import * as z from 'zod';

/** As much of the API's problem as a client needs; codes of later versions pass. */
const problemSchema = z.object({
  code: z.string(),
  detail: z.string(),
  requestId: z.string().optional(),
  requestStatus: z.string().optional(),
  reasons: z.array(z.object({ code: z.string(), detail: z.string() })).optional(),
});
export type ProblemBody = z.infer<typeof problemSchema>;

/**
 * Why there is no access. `code` is the API's problem code, or one of the client's own: `broker_unreachable`,
 * `no_endpoint`, `no_credentials`, `no_profile`, `no_region`, `sign_in_expired`, `identity_loop`, `clock_off`,
 * `wrong_region`, `wait_timed_out`, `interrupted`, `unexpected_answer`. The message says what to do.
 */
export class PosternError extends Error {
  override readonly name = 'PosternError';
  readonly code: string;
  /** The HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly requestId: string | undefined;
  readonly reasons: readonly { readonly code: string; readonly detail: string }[];
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: ProblemBody, status = 0, retryAfterSeconds?: number) {
    super(problem.detail);
    this.code = problem.code;
    this.status = status;
    this.requestId = problem.requestId;
    this.reasons = problem.reasons ?? [];
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The error that an answer other than the expected one stands for. */
export async function errorOf(response: Response): Promise<PosternError> {
  const text = await response.text();
  const problem = problemSchema.safeParse(jsonOf(text));
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const seconds = Number.isFinite(retryAfter) ? retryAfter : undefined;
  if (problem.success) return new PosternError(problem.data, response.status, seconds);
  const detail = `The broker answered ${response.status}, which is not one of its own problems: check the endpoint.`;
  return new PosternError({ code: 'unexpected_answer', detail }, response.status, seconds);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
