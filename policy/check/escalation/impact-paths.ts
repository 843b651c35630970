import { p66 } from './impact/p66-credentials-returned.ts';
import { p67 } from './impact/p67-boundary.ts';
import { p68 } from './impact/p68-watching-switched-off.ts';
import { p69 } from './impact/p69-key-shared.ts';
import { p70 } from './impact/p70-data-shared.ts';
import type { EscalationPath } from './path.ts';

export const impactPaths: readonly EscalationPath[] = [p66, p67, p68, p69, p70];
