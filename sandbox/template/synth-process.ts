import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// The CDK is large: compiled, it is kept where only whoever installed it writes.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)));
const { synthTemplate } = await import('../../infra/app.ts');

/** Runs as a process of its own (see synthesise.ts), and sends the template to the one that started it. */
process.send?.(synthTemplate(), () => process.disconnect());
