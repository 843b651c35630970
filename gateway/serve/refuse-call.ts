import type { ServerResponse } from 'node:http';
import { deniedCode, guessProtocol, type Refusal, writeRefusal } from '../answer/write-refusal.ts';
import { UpstreamUnreachable } from '../forward/forward.ts';
import type { WireProtocol } from '../identify/named-call.ts';
import type { Models } from '../identify/read-models.ts';
import { NotRecorded } from '../record/record-calls.ts';
import { AwsError } from '../wire/aws-error.ts';
import { type Progress, type ProgressPorts, recordOf, writeOutcome } from './progress.ts';
import { CallRefused, unavailable } from './refusals.ts';

export type RefusingPorts = ProgressPorts & {
  readonly models: Models;
  readonly log: (facts: Record<string, unknown>) => void;
};

/** What a failure is told as, and recorded as. */
function refusalOf(error: unknown, protocol: WireProtocol): Refusal & { because: string } {
  if (error instanceof CallRefused) {
    const { status, code = deniedCode(protocol), message, because } = error;
    return { status, code, message, because };
  }
  if (error instanceof AwsError) {
    return { status: error.httpStatus, code: error.code, message: error.message, because: error.code };
  }
  const because =
    error instanceof NotRecorded
      ? 'it could not be recorded'
      : error instanceof UpstreamUnreachable
        ? 'the upstream does not answer'
        : 'a defect, or a table that does not answer';
  const { status, code = '', message } = unavailable(because);
  return { status, code, message, because };
}

const isNotS3 = ({ signing }: { readonly signing: string }): boolean => !signing.startsWith('s3');

const isKnown = (error: unknown): boolean =>
  error instanceof CallRefused || error instanceof AwsError || error instanceof UpstreamUnreachable;

/** Answers a call that is not made, or that failed, in the service's own protocol, once that is recorded. */
export async function refuseCall(
  error: unknown,
  response: ServerResponse,
  progress: Progress,
  ports: RefusingPorts,
): Promise<void> {
  const { request, signingName, call, claims, callId, hasIntent } = progress;
  const protocol = call?.protocol ?? guessProtocol(request, signingName, ports.models);
  const isOfS3 = call ? call.service.id === 's3' : ![...ports.models.of(signingName ?? '')].some(isNotS3);
  const { because, ...refusal } = refusalOf(error, protocol);
  ports.log({ callId, refused: refusal.code, because, ...(claims && { session: claims.sessionId }) });
  if (!isKnown(error)) {
    const defect = error instanceof Error ? `${error.name} ${error.stack?.split('\n')[1]}` : 'unknown';
    ports.log({ callId, defect });
  }
  progress.facts = { ...progress.facts, because };
  if (claims && hasIntent) await writeOutcome(claims, progress, ports);
  else if (claims) await ports.recorder.writeLate(claims.sessionId, 'refused', recordOf(progress));
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const { status, headers, body } = writeRefusal(refusal, { protocol, isOfS3 }, callId);
  // What is left of the body is not read: the connection ends with the answer.
  response.writeHead(status, { ...headers, connection: 'close' });
  response.end(request?.method === 'HEAD' ? undefined : body);
}
