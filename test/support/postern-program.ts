import { join } from 'node:path';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    programs: string;
  }
}

/** The command line as it is published, built once for the whole run of these sources: the path of its program. */
export const posternProgram = (): string => join(inject('programs'), 'postern.mjs');
