import type { Tier } from '../shared/domain/approvals/approvals-config.ts';
import { approvalChanged, refusalOfApprovers } from '../shared/domain/approvals/approvers-standing.ts';
import { digestOf } from '../shared/domain/digest.ts';
import { ClaimRefused, StandingChanged } from '../shared/domain/errors.ts';
import type { Policy, Principal } from '../shared/domain/principal.ts';
import { changedEntries } from '../shared/domain/rule-pins.ts';
import type { Verdict } from '../shared/domain/verdict.ts';
import type { Loaded, WorkflowState } from '../shared/domain/workflow-state.ts';

type ConfigDigests = { catalog: string; guardrails: string; approvals: string };

export type StandingPorts = {
  principals: { get(id: string): Promise<Principal | undefined> };
  policies: { get(principalId: string): Promise<Policy | undefined> };
  configDigests(): ConfigDigests;
  tiers(): readonly Tier[];
  /** Digests of catalog entries as they are now, by key; none for a key that is gone. */
  grantedEntries(keys: readonly string[]): Readonly<Record<string, string>>;
  /** The role that reaches these resources now; undefined where none does. */
  roleOf(keys: readonly string[]): string | undefined;
  /** The keys of the gateways that the organisation runs, by their thumbprints. */
  gatewayKeys(): Promise<readonly string[]>;
};

/** Requester, policy and approvers as they are now. */
type Standing = {
  readonly requester: Principal | undefined;
  readonly policy: Policy | undefined;
  readonly approvers: readonly (Principal | undefined)[];
};

/** Reads everybody and everything in tables that the decision rested on. */
export async function readStanding(
  { request, verdict }: WorkflowState,
  { principals, policies }: Pick<StandingPorts, 'principals' | 'policies'>,
): Promise<Standing> {
  const [requester, policy, ...approvers] = await Promise.all([
    principals.get(request.principalId),
    policies.get(request.principalId),
    ...(verdict?.approvers ?? []).map(({ principalId }) => principals.get(principalId)),
  ]);
  return { requester, policy, approvers };
}

/**
 * Looks once more at everything the decision rested on: requester, policy text, configuration and approvers
 * must be what they were. Throws StandingChanged otherwise; the requester can ask again.
 */
export function checkStanding(
  state: WorkflowState,
  { requester, policy, approvers }: Standing,
  ports: Pick<StandingPorts, 'configDigests' | 'tiers' | 'grantedEntries' | 'roleOf'>,
): void {
  const { loaded, verdict, request, evidence } = state;
  if (!loaded || !verdict) throw new StandingChanged('nothing was decided');
  if (requester?.status !== 'active' || digestOf(requester) !== loaded.digests.principal) {
    throw new StandingChanged('the requester was changed or suspended after the decision; ask again');
  }
  if (!policy || digestOf(policy.text) !== loaded.policy.digest) {
    throw new StandingChanged('the policy was changed after the decision; ask again');
  }
  if (!isSameConfig(loaded, verdict, ports)) {
    throw new StandingChanged('the configuration was deployed anew after the decision; ask again');
  }
  const decided = { request, verdict, loaded, evidence };
  const refusal = refusalOfApprovers(decided, ports.tiers(), (id) =>
    approvers.find((approver) => approver?.id === id),
  );
  if (refusal) throw approvalChanged(refusal, 'ask again');
}

/**
 * Whether what decided is what is deployed: the files as they were loaded, or else the entries, guardrails and tiers
 * that the decision rested on.
 */
function isSameConfig(
  { digests }: Loaded,
  { pins, entitlement }: Verdict,
  {
    configDigests,
    grantedEntries,
    roleOf,
  }: Pick<StandingPorts, 'configDigests' | 'grantedEntries' | 'roleOf'>,
): boolean {
  const { principal: _, ...loaded } = digests;
  const now = configDigests();
  if (digestOf(now) === digestOf(loaded)) return true;
  if (!pins || now.approvals !== loaded.approvals || now.guardrails !== pins.guardrailsFile) return false;
  if (!entitlement) return false;
  const keys = entitlement.grants.map(({ resource }) => resource);
  const entries = grantedEntries(keys);
  const granted = Object.fromEntries(keys.map((key) => [key, pins.entries[key] ?? '']));
  return changedEntries(granted, entries).length === 0 && roleOf(keys) === entitlement.roleArn;
}

/** What a principal gets who has it delivered to gateways is sealed to one that is registered now. */
export async function checkDelivery(
  { requester }: Pick<Standing, 'requester'>,
  thumbprint: string,
  { gatewayKeys }: Pick<StandingPorts, 'gatewayKeys'>,
): Promise<void> {
  if (requester?.delivery !== 'gateway' || (await gatewayKeys()).includes(thumbprint)) return;
  throw new ClaimRefused('sessions of this principal go to a registered gateway only');
}
