import { enableCompileCache } from 'node:module';

// The CDK is large: compiled, it is kept among the machine's temporary files.
enableCompileCache();
const { synthTemplate } = await import('../../infra/app.ts');

/** Runs as a process of its own (see synthesise.ts), and sends the template to the one that started it. */
process.send?.(synthTemplate(), () => process.disconnect());
