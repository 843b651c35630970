import { visibleText } from '../../lambdas/shared/domain/text/show-hostile-text.ts';
import { PosternError } from '../sdk/postern-error.ts';
import { CacheExposed } from './stored/private-files.ts';

/** What to look at, beside what the broker says itself. */
const HINTS: Readonly<Record<string, string>> = {
  signature_refused: 'Check the region (--region, AWS_REGION), and that the credentials are current.',
  token_refused:
    'Get a fresh token (postern login, or the platform’s own); POSTERN_API must be the door of its issuer.',
  token_only_asks: 'A login by device code only asks and reads: sign in with a browser, postern login.',
  wrong_region: '--region or AWS_REGION sets it.',
  no_credentials: 'aws sts get-caller-identity shows whether the AWS CLI finds any.',
  broker_unreachable: 'Check POSTERN_API, the network, and a proxy in between.',
  request_expired: 'A grant that nobody claims lapses. Ask again.',
};

/** What to look at for an error of this code; undefined where the broker says it all. */
export const adviceOf = (code: string): string | undefined =>
  Object.hasOwn(HINTS, code) ? HINTS[code] : undefined;

type ErrorReport = {
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
  readonly reasons?: readonly { readonly code: string; readonly detail: string }[];
};

/** Why there is no access, as JSON: the same codes as the API's. */
export function errorReport(error: unknown): ErrorReport {
  if (error instanceof PosternError) {
    const { code, message, requestId, reasons } = error;
    return { code, message, ...(requestId && { requestId }), ...(reasons.length > 0 && { reasons }) };
  }
  const { name } = error instanceof Error ? error : { name: '' };
  if (name === 'CredentialsProviderError') {
    return {
      code: 'no_credentials',
      message: 'There are no AWS credentials to sign with: set a profile or a role.',
    };
  }
  if (error instanceof CacheExposed) return { code: 'cache_exposed', message: error.message };
  if (error instanceof Error && error.name === 'AbortError')
    return { code: 'interrupted', message: 'Interrupted.' };
  return { code: 'error', message: error instanceof Error ? error.message : 'unknown error' };
}

/** The same for people: what went wrong and what to do, never a stack. */
export function describeError(error: unknown): string {
  const { code, message, requestId, reasons } = errorReport(error);
  const hint = adviceOf(code);
  // The broker's detail is made of its reasons already; their codes are what scripts look for.
  const codes = (reasons ?? []).map((reason) => reason.code);
  return [
    `postern: ${visibleText(message)}`,
    ...(codes.length > 0 ? [`  because ${codes.join(', ')}`] : []),
    ...(requestId ? [`  request ${requestId}`] : []),
    ...(hint ? [`  ${hint}`] : []),
  ].join('\n');
}
