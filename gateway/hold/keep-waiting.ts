import type { ServerResponse } from 'node:http';

/** SDKs of which it is known that they wait on when told `100 Continue`, as often as it comes. Others break by it. */
const BEARS = /\b(?:Boto3|Botocore|aws-cli|aws-sdk-go|aws-sdk-go-v2)\//;

/** Whether a client is known to bear `100 Continue` while it waits, by the name that it gives itself. */
export const bearsContinue = (userAgent: string | undefined): boolean => BEARS.test(userAgent ?? '');

/** Tells a client again and again that its call is being seen to. Answers what ends it. */
export function keepWaiting(response: ServerResponse, everyMs: number): () => void {
  const timer = setInterval(() => {
    if (!response.headersSent && !response.destroyed) response.writeContinue();
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
