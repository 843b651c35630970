import type { RecordedAccount } from '../../recorded-accounts.ts';
import type { Place } from '../find-place.ts';
import type { Identified } from '../missing-resources.ts';
import { NotReady } from '../not-ready.ts';
import type { PlanFile, TeardownPlan } from './teardown-plan.ts';

/** Of what the stack leaves behind, what a teardown removes afterwards: a new deployment would meet its names. */
export const REMOVED = [
  'AWS::DynamoDB::Table',
  'AWS::Logs::LogGroup',
  'AWS::SecretsManager::Secret',
  'AWS::SQS::Queue',
] as const;
/** The audit archive, and the keys: without them nobody could read it. */
const STAYING: readonly string[] = ['AWS::S3::Bucket', 'AWS::KMS::Key'];

type Ports = {
  place: Place;
  plan: Omit<PlanFile, 'file'>;
  /** Everything that the stack holds; where there is no stack, what one of earlier left behind. */
  resources(): Promise<Identified[]>;
  /** Other accounts whose roles go with it. */
  others?: readonly RecordedAccount[];
  /** The account's id, as the operator gives it. */
  ask(): Promise<string>;
  /** Deletes the stack where it is still there; it leaves behind what the template says it retains. */
  destroy(): void | Promise<void>;
  /** Removes a resource; one that is gone already is removed. */
  remove(resource: Identified): Promise<void>;
  tell(line: string): void;
};

/**
 * Takes a deployment away, once the operator has named its account: the stack, then tables, logs, secrets and queues.
 * The audit archive and its keys stay. What is to go is written down first, so that a run that was cut off is finished
 * by the next one. Throws NotReady where it is not confirmed, and an Error that says what is left where a removal failed.
 */
export async function tearDown(ports: Ports): Promise<void> {
  const { place, ask, destroy, tell } = ports;
  const plan = ports.plan.read() ?? planOf(place, await ports.resources());
  tell(`This deletes Postern in account ${place.account}, region ${place.region}, and for ever:`);
  for (const resource of plan.removed) tell(lineOf(resource));
  for (const { id, deployRole } of ports.others ?? [])
    tell(
      deployRole === undefined
        ? `  not the roles in account ${id}, which has no deployRole: they are its administrator's to remove`
        : `  the brokered roles in account ${id}`,
    );
  if ((await ask()).trim() !== place.account) throw new NotReady('nothing was deleted');
  ports.plan.write(plan);
  await destroy();
  const left = await removeAll(plan, ports);
  tell('Kept, with the audit archive in it:');
  for (const resource of plan.staying) tell(lineOf(resource));
  if (left.length === 0) return ports.plan.clear();
  tell('Left, because its removal failed:');
  for (const { resource, cause } of left) tell(`${lineOf(resource)}: ${cause}`);
  throw new Error(`${left.length} of ${plan.removed.length} are left: run npm run teardown again`);
}

const lineOf = ({ typeName, identifier }: Identified) => `  ${typeName} ${identifier}`;

function planOf({ account, region }: Place, all: readonly Identified[]): TeardownPlan {
  const removed = all.filter(({ typeName }) => (REMOVED as readonly string[]).includes(typeName));
  return { account, region, removed, staying: all.filter(({ typeName }) => STAYING.includes(typeName)) };
}

type Left = { readonly resource: Identified; readonly cause: string };

/** Removes one after the other, and writes down after each what is still to go. A failure does not end the rest. */
async function removeAll(plan: TeardownPlan, { remove, plan: file }: Ports): Promise<Left[]> {
  const left: Left[] = [];
  for (const [index, resource] of plan.removed.entries()) {
    try {
      await remove(resource);
    } catch (error) {
      left.push({ resource, cause: error instanceof Error ? error.message : String(error) });
    }
    const toGo = [...left.map((failed) => failed.resource), ...plan.removed.slice(index + 1)];
    file.write({ ...plan, removed: toGo });
  }
  return left;
}
