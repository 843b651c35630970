import type { Change, ChangePart } from '../shared/domain/access-request.ts';
import { partsOf } from '../shared/domain/bundle/bundle.ts';
import { ChangeStale, SealRefused } from '../shared/domain/errors.ts';
import { type Template, templateSchema } from '../shared/domain/people/template.ts';
import { type Policy, type Principal, principalSchema } from '../shared/domain/principal.ts';
import type { RevocationInput } from '../shared/domain/revocation/revocation.ts';
import type { Applied, SealedTask, WorkflowState } from '../shared/domain/workflow-state.ts';
import { applyBundle, type BundlePorts } from './apply-bundle.ts';
import { type CheckPorts, checkChange } from './check-change.ts';
import { checkDirectory, checkSignIn, sameAs } from './check-part.ts';
import { type ConsumePorts, consumeSeal } from './consume-seal.ts';
import { keepApplied, keepBase, type Subject } from './keep-versions.ts';

/** What stands there now; undefined where another change came first. */
type Written = Subject | undefined;

type Ports = BundlePorts &
  CheckPorts &
  ConsumePorts & {
    principals: {
      get(id: string): Promise<Principal | undefined>;
      all(): AsyncIterable<Principal>;
      write(principal: Principal, baseVersion: number): Promise<boolean>;
    };
    directory: {
      template(id: string): Promise<Template | undefined>;
      writeTemplate(template: Template, baseVersion: number): Promise<boolean>;
    };
    policies: {
      get(principalId: string): Promise<Policy | undefined>;
      write(policy: Policy, baseVersion: number): Promise<boolean>;
    };
    lookups: {
      /** Points what a principal calls with at it. False where any of it is registered to another. */
      claim(principal: Principal): Promise<boolean>;
      /** Deletes the look-ups that these versions had and the current one lacks. */
      release(versions: readonly Principal[], current: Principal | undefined): Promise<void>;
    };
    revocations: { start(input: RevocationInput): Promise<void> };
  };

/**
 * Writes exactly the text that was reviewed and approved, if it is still based on the current version. The
 * only function that may write what people propose: policies, principals and templates. Its seal is consumed before anything is written; run again
 * with the same seal, because a run broke off, it applies once.
 */
export function makeApplyChange(ports: Ports) {
  return async ({ state, executionName }: SealedTask): Promise<Applied> => {
    const { change, seal } = await checkChange(state, executionName, ports);
    await consumeSeal(state.request.requestId, seal, ports);
    return change.kind === 'bundle' ? applyBundle(change, state, ports) : applyPart(change, state, ports);
  };
}

async function applyPart(change: Change, state: WorkflowState, ports: Ports): Promise<Applied> {
  const [part] = partsOf(change) ?? [];
  if (!part) throw new SealRefused('the change has nothing to write');
  const { kind, target, baseVersion } = part;
  const version = baseVersion + 1;
  const written = await write(part, version, state, ports);
  if (!written) throw new ChangeStale('the target was changed meanwhile; propose the change again');
  await keepApplied(state, part, written, ports);
  return { kind, target, version };
}

function write(change: ChangePart, version: number, state: WorkflowState, ports: Ports): Promise<Written> {
  if (change.kind === 'policy') return writePolicy(change, version, ports);
  if (change.kind === 'template') return writeTemplate(change, version, ports);
  return writePrincipal(change, version, state, ports);
}

/** What a template makes of people, `sync-people` does, which hears of the write. */
async function writeTemplate(change: ChangePart, version: number, ports: Ports): Promise<Written> {
  const before = await ports.directory.template(change.target);
  const after = { ...templateSchema.parse(JSON.parse(change.proposal)), version };
  if (after.id !== change.target) throw new SealRefused('the proposal is another template than its target');
  await keepBase(change, before, ports);
  const written = (await ports.directory.writeTemplate(after, change.baseVersion)) || sameAs(before, after);
  return written ? after : undefined;
}

async function writePolicy(change: ChangePart, version: number, ports: Ports): Promise<Written> {
  const { policies } = ports;
  const after: Policy = { principalId: change.target, text: change.proposal, version };
  const before = await policies.get(change.target);
  await keepBase(change, before, ports);
  const written = (await policies.write(after, change.baseVersion)) || sameAs(before, after);
  return written ? after : undefined;
}

/** A principal that is suspended loses its live sessions and its open requests too. */
async function writePrincipal(
  change: ChangePart,
  version: number,
  { request }: WorkflowState,
  ports: Ports,
): Promise<Written> {
  const before = await ports.principals.get(change.target);
  const principal: Principal = { ...principalSchema.parse(JSON.parse(change.proposal)), version };
  if (principal.id !== change.target)
    throw new SealRefused('the proposal is another principal than its target');
  checkDirectory(before, principal);
  await checkSignIn(principal, ports.principals.all());
  await keepBase(change, before, ports);
  // First, and without consequence: a lookup is only a hint. Nothing is in force of a change that cannot be whole.
  const claimed = await ports.lookups.claim(principal);
  const written =
    claimed && ((await ports.principals.write(principal, change.baseVersion)) || sameAs(before, principal));
  if (!written) {
    await ports.lookups.release([principal], await ports.principals.get(change.target));
    if (!claimed)
      throw new ChangeStale('an AWS principal, a Slack user or a sign-in is registered elsewhere');
    return undefined;
  }
  if (principal.status === 'suspended') {
    const why = { by: request.principalId, because: 'the principal was suspended' };
    await ports.revocations.start({ principalId: principal.id, ...why });
  }
  await ports.lookups.release(before ? [before] : [], principal);
  return principal;
}
