import type { Place } from './find-place.ts';
import type { Identified } from './missing-resources.ts';
import { NotReady } from './not-ready.ts';

/** Of what the stack leaves behind, what a teardown removes afterwards: a new deployment would meet its names. */
const REMOVED = [
  'AWS::DynamoDB::Table',
  'AWS::Logs::LogGroup',
  'AWS::SecretsManager::Secret',
  'AWS::SQS::Queue',
];
/** The audit archive, and the keys: without them nobody could read it. */
const KEPT = ['AWS::S3::Bucket', 'AWS::KMS::Key'];

type Ports = {
  place: Place;
  /** Everything that the stack holds. */
  resources(): Promise<Identified[]>;
  /** What the operator types. */
  ask(question: string): Promise<string>;
  /** Deletes the stack; it leaves behind what the template says it retains. */
  destroy(): void | Promise<void>;
  remove(resource: Identified): Promise<void>;
  tell(line: string): void;
};

/**
 * Takes a deployment away, once the operator has typed its account: the stack, then tables, logs, secrets and
 * queues. The audit archive and its keys stay. Throws NotReady where it is not confirmed.
 */
export async function tearDown({ place, resources, ask, destroy, remove, tell }: Ports): Promise<void> {
  const all = await resources();
  const of = (types: readonly string[]) => all.filter(({ typeName }) => types.includes(typeName));
  const removed = of(REMOVED);
  tell(`This deletes Postern in account ${place.account}, region ${place.region}, and for ever:`);
  for (const { typeName, identifier } of removed) tell(`  ${typeName} ${identifier}`);
  const confirmed = await ask(`Type the account's id to go on: `);
  if (confirmed.trim() !== place.account) throw new NotReady('nothing was deleted');
  await destroy();
  for (const resource of removed) await remove(resource);
  tell('Kept, with the audit archive in it:');
  for (const { typeName, identifier } of of(KEPT)) tell(`  ${typeName} ${identifier}`);
}
