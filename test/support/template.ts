import { inject } from 'vitest';
import type { CfnTemplate } from '../../sandbox/template/types.ts';

declare module 'vitest' {
  interface ProvidedContext {
    template: CfnTemplate;
    bundles: string;
  }
}

/** The template that infra/ synthesises, once for the whole run. */
export const template = (): CfnTemplate => inject('template');

/** The functions of that template, bundled once for the whole run: a folder of a folder each. */
export const bundles = (): string => inject('bundles');
