import { existingPassrolePaths } from './existing-passrole-paths.ts';
import { impactPaths } from './impact-paths.ts';
import { newPassrolePaths } from './new-passrole-paths.ts';
import type { EscalationPath } from './path.ts';
import { principalAccessPaths } from './principal-access-paths.ts';
import { selfEscalationPaths } from './self-escalation-paths.ts';

/**
 * Sets of actions that together give more than was given, by id. P01 to P65 are those of pathfinding.cloud, in its
 * order; P66 to P70 let others in; P71 and after are further ones that AWS's documentation allows.
 */
export const ALL_PATHS: readonly EscalationPath[] = [
  ...selfEscalationPaths,
  ...principalAccessPaths,
  ...newPassrolePaths,
  ...existingPassrolePaths,
  ...impactPaths,
].sort((first, other) => Number(first.id.slice(1)) - Number(other.id.slice(1)));
