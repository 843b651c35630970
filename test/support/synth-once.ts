import { synthTemplate } from '../../infra/app.ts';
import type { CfnTemplate } from '../../sandbox/template/types.ts';

type Options = NonNullable<Parameters<typeof synthTemplate>[0]>;

const templates = new Map<string, CfnTemplate>();

/** The template of these settings. Synthesising takes seconds: it is done once for all tests that share a thread. */
export function synthOnce(options: Options): CfnTemplate {
  const key = JSON.stringify(options);
  const template = templates.get(key) ?? (synthTemplate(options) as CfnTemplate);
  templates.set(key, template);
  return template;
}
