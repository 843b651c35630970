import type { CallFacts } from '../../lambdas/shared/domain/audit/call-record.ts';
import type { SessionClaims } from '../come-in/placeholder-keys.ts';
import type { NamedCall, Need } from '../identify/named-call.ts';
import type { KeepExchange, RunningExchange } from '../record/keep-exchange.ts';
import type { Recorder } from '../record/record-calls.ts';
import type { RawRequest } from '../wire/raw-request.ts';

/** A call on its way, as far as it was read. */
export type Progress = {
  readonly callId: string;
  readonly startedAt: number;
  readonly cameAt: Date;
  request?: RawRequest;
  signingName?: string;
  claims?: SessionClaims;
  call?: NamedCall;
  facts: Partial<CallFacts>;
  hasIntent: boolean;
  /** What it sends and is answered, once it is made. */
  exchange?: RunningExchange;
};

export type ProgressPorts = { readonly recorder: Recorder; readonly keepExchange: KeepExchange };

const resourceText = ({ resource }: Need): string =>
  resource.kind === 'known' ? resource.arn : resource.kind;

/** What a record says of a call that was named. */
export function factsOf(call: NamedCall, needs: readonly Need[]): Partial<CallFacts> {
  return {
    service: call.service.id,
    operation: call.operation.name,
    parameters: Object.keys(call.parameters).sort().slice(0, 100),
    needs: needs
      .slice(0, 200)
      .map((need) => ({ action: need.action, resource: resourceText(need).slice(0, 1100) })),
  };
}

/** What the record says of a call so far. Throws where nobody is known who called. */
export function recordOf({ callId, claims, facts, startedAt }: Progress): CallFacts {
  if (!claims) throw new Error('nobody’s call is recorded');
  return { ...facts, callId, principalId: claims.principalId, milliseconds: performance.now() - startedAt };
}

/** Records what became of a call, with what it sent and was answered in the archive before. */
export async function writeOutcome(
  { sessionId }: SessionClaims,
  progress: Progress,
  { recorder, keepExchange }: ProgressPorts,
): Promise<void> {
  const kept = progress.exchange && (await keepExchange(progress.exchange));
  if (kept) progress.facts = { ...progress.facts, exchangeSha256: kept };
  await recorder.writeLate(sessionId, 'outcome', recordOf(progress));
}
