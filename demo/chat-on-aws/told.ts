import type { ShownEntry } from '../../console/chat/show-entry.ts';
import type { refusal } from './refusals.ts';

/** What a page is told over its connection: plain texts, nothing of which is markup. */
export type Told =
  | { readonly kind: 'entry'; readonly entry: ShownEntry }
  | { readonly kind: 'state'; readonly state: 'busy' | 'idle' }
  | ReturnType<typeof refusal>;
