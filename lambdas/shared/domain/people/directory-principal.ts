import { createHash } from 'node:crypto';
import { asJson, digestOf } from '../digest.ts';
import type { Principal } from '../principal.ts';
import type { DirectoryUser } from './directory.ts';

/** The ids of principals that come from the directory begin with it, and no others do. */
export const DIRECTORY_PREFIX = 'dir_';

/** In whose name the directory ends sessions. Nobody's id: a person's ends with a hash. */
export const DIRECTORY_ACTOR = `${DIRECTORY_PREFIX}sync`;

export const isOfDirectory = (principalId: string): boolean => principalId.startsWith(DIRECTORY_PREFIX);

const MOST_NAME = 34;

/**
 * A user's id as a principal: readable, by the name they came with, and theirs alone, by a hash of their id. It is made
 * once and kept in the principal: a user who is renamed stays who they are.
 */
export function principalIdOf({ id, userName }: Pick<DirectoryUser, 'id' | 'userName'>): string {
  const [before = ''] = userName.toLowerCase().split('@');
  const name = before.replace(/[^a-z0-9]+/g, '_').slice(0, MOST_NAME);
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 10);
  return `${DIRECTORY_PREFIX}${name}_${hash}`;
}

/**
 * Whether a change is one that people may make of a principal that the directory made: of its status and its passkeys,
 * of which a directory knows nothing; of who is out, that they stay suspended when they return; and of nothing else.
 */
export function isLeftToPeople(current: Principal | undefined, proposed: Principal): boolean {
  if (!current) return false;
  const { status, version, passkeys, directory } = current;
  const { stopped, ...rest } = proposed.directory ?? {};
  const isStopped = directory?.out !== undefined && stopped === true;
  const asCurrent = {
    ...proposed,
    ...(isStopped && { directory: { ...rest, stopped: directory.stopped } }),
    status,
    version,
    passkeys,
  };
  return digestOf(asJson(asCurrent)) === digestOf(asJson(current));
}
