import * as z from 'zod';
import { executionArnOf } from '../../domain/execution-arn.ts';

/** What ties a log line, an audit record, a trace and CloudTrail's record of a session to each other. */
type Correlation = {
  readonly requestId: string;
  readonly executionArn?: string;
  readonly traceId?: string;
  /** What CloudTrail shows as the source identity of every call made with the session: the principal. */
  readonly sourceIdentity: string;
};

const TRACE_ROOT = /(?:^|;)Root=([0-9a-f-]+)/;

/** How a request is known to Step Functions, to X-Ray and to CloudTrail. */
export function correlationOf(requestId: string, principalId: string): Correlation {
  const { STATE_MACHINE_ARN, _X_AMZN_TRACE_ID = '' } = process.env;
  const [, traceId] = TRACE_ROOT.exec(_X_AMZN_TRACE_ID) ?? [];
  return {
    requestId,
    ...(STATE_MACHINE_ARN && { executionArn: executionArnOf(STATE_MACHINE_ARN, requestId) }),
    ...(traceId && { traceId }),
    sourceIdentity: principalId,
  };
}

const aboutSchema = z.object({ request: z.object({ requestId: z.string(), principalId: z.string() }) });
const eventSchema = z.union([aboutSchema, z.object({ state: aboutSchema }).transform(({ state }) => state)]);

/** The request that an event of the workflow is about; undefined for events of anything else. */
export function correlationIn(event: unknown): Correlation | undefined {
  const parsed = eventSchema.safeParse(event);
  return parsed.success
    ? correlationOf(parsed.data.request.requestId, parsed.data.request.principalId)
    : undefined;
}
