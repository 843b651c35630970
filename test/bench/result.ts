import type { Row } from './figure.ts';
import type { Machine } from './machine.ts';

/** A figure as it was taken last, as `results/` has it. */
export type Result = { readonly on: Machine & { readonly at: string }; readonly rows: readonly Row[] };
