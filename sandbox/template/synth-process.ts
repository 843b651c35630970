import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../../lambdas/shared/domain/config-error.ts';

// The CDK is large: compiled, it is kept where only whoever installed it writes.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)));
const { synthTemplate } = await import('../../infra/app.ts');
const { memberTemplates } = await import('../../infra/member-templates.ts');
const { settingsOfSandbox } = await import('./settings-of-sandbox.ts');

/** What the operator can mend is told, not thrown: nobody reads the stack of another process. */
function answer(): object {
  try {
    const template = synthTemplate({ demo: true, settings: settingsOfSandbox() });
    return { template: { ...template, members: memberTemplates() } };
  } catch (error) {
    if (error instanceof ConfigError) return { refused: error.message };
    throw error;
  }
}

/** Runs as a process of its own (see synthesise.ts), and sends the template to the one that started it. */
process.send?.(answer(), () => process.disconnect());
