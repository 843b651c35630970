import { SealRefused } from './errors.ts';
import type { Seal } from './verdict.ts';

/** An act as a step is told to do it: not yet believed. */
type PresentedAct = {
  readonly requestId: string;
  /** Of the execution that presents it, as Step Functions names it. */
  readonly executionName: string;
  /** What the seal must cover, rebuilt from what is about to be done. */
  readonly bytes: Uint8Array;
  readonly seal: Seal;
};

export type SealPorts = {
  /** ValidateDecision's key, which never leaves KMS. */
  readonly sealKey: { verify(bytes: Uint8Array, mac: string): Promise<boolean> };
  readonly clock: () => Date;
};

/**
 * Checks that ValidateDecision sealed exactly this act, that the seal still lasts, and that the request's own
 * execution presents it: an execution bears the id of its request as its name. Throws SealRefused otherwise.
 * Whoever does the act then consumes the seal, by a conditional write to the request's row.
 */
export async function checkSeal(
  { requestId, executionName, bytes, seal }: PresentedAct,
  { sealKey, clock }: SealPorts,
): Promise<void> {
  if (executionName !== requestId) throw new SealRefused('the seal is of another execution');
  if (new Date(seal.expiresAt) <= clock()) throw new SealRefused('the seal has expired; ask again');
  if (!(await sealKey.verify(bytes, seal.mac))) throw new SealRefused('the seal is not over this act');
}
