import { asJson, digestOf } from '../digest.ts';
import type { Access, Used } from './access-review.ts';

/** Digest of what is shown of an item: decisions are bound to it. */
export const digestOfItem = (access: Access, used: Used): string => digestOf(asJson({ access, used }));
