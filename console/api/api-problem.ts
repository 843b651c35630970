import * as z from 'zod';

const problemSchema = z.object({
  status: z.number(),
  code: z.string(),
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  reasons: z.array(z.object({ code: z.string(), detail: z.string().optional() })).optional(),
});

/** What the API refused, by its stable code and in its own words; or that it could not be asked: `api_down`. */
export class ApiProblem extends Error {
  override name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, say: string) {
    super(say);
    this.status = status;
    this.code = code;
  }
}

/** The problem that an answer is. Its fields are told: a person has to mend them. */
export function problemIn(status: number, body: unknown): ApiProblem {
  const { data } = problemSchema.safeParse(body);
  if (!data) return new ApiProblem(status, 'api_down', 'The broker gave no answer that can be used.');
  // The detail names the first of them as it is.
  const fields = (data.errors ?? [])
    .filter(({ message }) => !data.detail?.includes(message))
    .map(({ field, message }) => `${field}: ${message}`);
  const reasons = (data.reasons ?? []).map(({ code, detail }) => detail ?? code);
  const more = [...fields, ...reasons].filter((text) => !data.detail?.includes(text));
  return new ApiProblem(status, data.code, [data.detail ?? data.title ?? data.code, ...more].join(' '));
}
