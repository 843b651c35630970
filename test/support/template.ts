import { inject } from 'vitest';
import type { Synthesised } from '../../sandbox/template/types.ts';

declare module 'vitest' {
  interface ProvidedContext {
    template: Synthesised;
    bundles: string;
  }
}

/** The template that infra/ synthesises, once for the whole run. */
export const template = (): Synthesised => inject('template');

/** The functions of that template, bundled once for the whole run: a folder of a folder each. */
export const bundles = (): string => inject('bundles');
