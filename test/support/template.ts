import { inject } from 'vitest';
import type { CfnTemplate } from '../../sandbox/template/types.ts';

declare module 'vitest' {
  interface ProvidedContext {
    template: CfnTemplate;
  }
}

/** The template that infra/ synthesises, once for the whole run. */
export const template = (): CfnTemplate => inject('template');
