import type { Change, ChangePart } from '../shared/domain/access-request.ts';
import type { Tier } from '../shared/domain/approvals/approvals-config.ts';
import { nameOfPart, partsOf } from '../shared/domain/bundle/bundle.ts';
import { leavesNoApprover } from '../shared/domain/bundle/leaves-no-approver.ts';
import { ChangeStale, DependencyUnavailable, SealRefused } from '../shared/domain/errors.ts';
import { type Template, templateSchema } from '../shared/domain/people/template.ts';
import { type Policy, type Principal, policySchema, principalSchema } from '../shared/domain/principal.ts';
import type { RevocationInput } from '../shared/domain/revocation/revocation.ts';
import type { Applied, WorkflowState } from '../shared/domain/workflow-state.ts';
import { checkDirectory, checkSignIn, sameAs } from './check-part.ts';
import { type KeepPorts, keepApplied, keepBase, type Subject } from './keep-versions.ts';

/** One write of several that are made at once; over the version that it is based on. */
export type SubjectWrite =
  | { readonly kind: 'policy'; readonly after: Policy; readonly baseVersion: number }
  | { readonly kind: 'principal'; readonly after: Principal; readonly baseVersion: number }
  | { readonly kind: 'template'; readonly after: Template; readonly baseVersion: number };

export type BundlePorts = KeepPorts & {
  readonly principals: { get(id: string): Promise<Principal | undefined>; all(): AsyncIterable<Principal> };
  readonly directory: { template(id: string): Promise<Template | undefined> };
  readonly policies: { get(principalId: string): Promise<Policy | undefined> };
  readonly lookups: {
    claim(principal: Principal): Promise<boolean>;
    release(versions: readonly Principal[], current: Principal | undefined): Promise<void>;
  };
  readonly revocations: { start(input: RevocationInput): Promise<void> };
  readonly tiers: () => readonly Pick<Tier, 'approverGroup'>[];
  /** Makes all writes, or none where one is over another version than it is based on: then false. */
  readonly writeTogether: (writes: readonly SubjectWrite[]) => Promise<boolean>;
};

type Step = SubjectWrite & { readonly part: ChangePart; readonly before: Subject | undefined };

/** Records and versions that are written at once. */
const AT_ONCE = 10;

/** As many at a time as the tables bear. */
async function inTurn<Item>(items: readonly Item[], run: (item: Item) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE)
    await Promise.all(items.slice(from, from + AT_ONCE).map(run));
}

/**
 * Writes all parts of a bundle, or none: each over the version that its proposer and its approvers saw. Run again because
 * a run broke off, it finds its own writing there, and does what is left.
 */
export async function applyBundle(
  change: Change,
  state: WorkflowState,
  ports: BundlePorts,
): Promise<Applied> {
  const parts = partsOf(change);
  if (!parts) throw new SealRefused('the proposal is no bundle of changes');
  const steps = await Promise.all(parts.map((part) => stepOf(part, ports)));
  const isDone = steps.every(({ before, after }) => sameAs(before, after));
  if (!isDone) await check(steps, ports);
  await inTurn(steps, ({ part, before }) => keepBase(part, before, ports));
  await writeAll(steps, isDone, ports);
  const principals = steps.filter((step) => step.kind === 'principal');
  for (const { after: principal } of principals) {
    if (principal.status !== 'suspended') continue;
    const why = { by: state.request.principalId, because: 'the principal was suspended' };
    await ports.revocations.start({ principalId: principal.id, ...why });
  }
  await inTurn(principals, ({ before, after }) =>
    ports.lookups.release(before ? [before as Principal] : [], after),
  );
  await inTurn(steps, ({ part, after }) => keepApplied(state, part, after, ports));
  const written = parts.map(({ kind, target, baseVersion }) => ({ kind, target, version: baseVersion + 1 }));
  return { kind: change.kind, target: change.target, version: change.baseVersion + 1, parts: written };
}

/** What stands there, and what is to. Throws SealRefused where a part is another than its target says. */
async function stepOf(part: ChangePart, ports: BundlePorts): Promise<Step> {
  const { kind, target, proposal, baseVersion } = part;
  const version = baseVersion + 1;
  if (kind === 'policy') {
    const after = policySchema.parse({ principalId: target, text: proposal, version });
    return { kind, part, baseVersion, after, before: await ports.policies.get(target) };
  }
  const refused = () => new SealRefused(`${nameOfPart(part)}: the proposal is another than its target`);
  if (kind === 'template') {
    const after = { ...templateSchema.parse(JSON.parse(proposal)), version };
    if (after.id !== target) throw refused();
    return { kind, part, baseVersion, after, before: await ports.directory.template(target) };
  }
  const after = { ...principalSchema.parse(JSON.parse(proposal)), version };
  if (after.id !== target) throw refused();
  return { kind, part, baseVersion, after, before: await ports.principals.get(target) };
}

/** Throws ChangeStale where a part is based on another version than the one in force, or the whole cannot stand. */
async function check(steps: readonly Step[], ports: BundlePorts): Promise<void> {
  for (const { part, before, baseVersion } of steps)
    if ((before?.version ?? 0) !== baseVersion)
      throw new ChangeStale(
        `${nameOfPart(part)} was changed meanwhile; nothing was applied: propose it anew`,
      );
  const everybody = await Array.fromAsync(ports.principals.all());
  const parts = steps.map(({ part }) => part);
  if (leavesNoApprover(everybody, parts, ports.tiers()))
    throw new ChangeStale('nobody could approve anything any more; nothing was applied');
  const principals = steps.flatMap(({ kind, after }) => (kind === 'principal' ? [after] : []));
  const ids = new Set(principals.map(({ id }) => id));
  const others = everybody.filter(({ id }) => !ids.has(id));
  for (const step of steps) {
    if (step.kind !== 'principal') continue;
    checkDirectory(step.before as Principal | undefined, step.after);
    await checkSignIn(step.after, [...others, ...principals.filter(({ id }) => id !== step.after.id)]);
  }
}

/** Look-ups first, and without consequence: a lookup is only a hint. Then all else at once. */
async function writeAll(steps: readonly Step[], isDone: boolean, ports: BundlePorts): Promise<void> {
  const principals = steps.flatMap(({ kind, after }) => (kind === 'principal' ? [after] : []));
  const claimed: boolean[] = [];
  await inTurn(principals, async (principal) => claimed.push(await ports.lookups.claim(principal)));
  const isFree = !claimed.includes(false);
  if (isFree && (isDone || (await ports.writeTogether(steps)))) return;
  const found = await Promise.all(steps.map(({ part }) => stepOf(part, ports)));
  // An answer that was lost: the writes were made.
  if (isFree && found.every(({ before, after }) => sameAs(before, after))) return;
  // Some other write of one of them was under way, and came to nothing: the workflow tries again.
  if (isFree && found.every(({ before, baseVersion }) => (before?.version ?? 0) === baseVersion))
    throw new DependencyUnavailable('principals, policies and directory tables: a write was under way');
  await inTurn(principals, async (principal) =>
    ports.lookups.release([principal], await ports.principals.get(principal.id)),
  );
  throw new ChangeStale(
    isFree
      ? 'a part was changed meanwhile; nothing was applied: propose it anew'
      : 'an AWS principal, a Slack user or a sign-in is registered elsewhere; nothing was applied',
  );
}
