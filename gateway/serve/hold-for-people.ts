import type { ServerResponse } from 'node:http';
import { type CallToHold, heldCallOf } from '../hold/held-call-of.ts';
import type { Approval, Hold } from '../hold/hold-call.ts';
import { bearsContinue, keepWaiting } from '../hold/keep-waiting.ts';
import type { GatewayKeys } from '../keys/derive-keys.ts';
import { notHeld, refusalOfHold } from './refusals.ts';

/** Milliseconds for which a call is held while people are asked. */
export type HoldTimes = {
  /** From when it came: SDKs wait a minute for an answer. */
  readonly holdMs: number;
  /** For clients that are known to bear `100 Continue`, which they are told every so often. */
  readonly patientMs: number;
  readonly continueMs: number;
  /** Between two looks at what people said. */
  readonly lookMs: number;
};

export type HoldingPorts = {
  readonly hold: Hold;
  readonly times: HoldTimes;
  readonly keys: Pick<GatewayKeys, 'callMac'>;
  readonly clock: () => Date;
};

/** Whoever waits for the call's answer. */
export type HeldClient = {
  readonly response: ServerResponse;
  readonly cameAt: Date;
  readonly isGone: () => boolean;
};

/**
 * Holds a call until people have let it through, or its client has waited long enough. Answers their approval, which is
 * not used yet. Throws CallRefused, with what its caller is to do.
 */
export async function holdForPeople(
  toHold: CallToHold,
  { response, cameAt, isGone }: HeldClient,
  onAsked: (requestId: string) => Promise<void>,
  { hold, times, keys, clock }: HoldingPorts,
): Promise<Approval> {
  const held = heldCallOf(toHold, keys);
  if ('notHeld' in held) throw notHeld(held.notHeld);
  const isPatient = bearsContinue(toHold.request.headers.get('user-agent'));
  const untilMs = isPatient ? clock().getTime() + times.patientMs : cameAt.getTime() + times.holdMs;
  const stop = isPatient ? keepWaiting(response, times.continueMs) : undefined;
  try {
    const outcome = await hold(held, toHold.claims, { until: new Date(untilMs), isGone, onAsked });
    if (outcome.outcome === 'allowed') return outcome.approval;
    throw refusalOfHold(outcome);
  } finally {
    stop?.();
  }
}
