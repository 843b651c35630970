import { readFileSync } from 'node:fs';
import type { CfnTemplate } from '../../sandbox/template/types.ts';

const EXAMPLE = 'docs/examples/step-functions/template.json';

/** The stack of the example deployed beside the broker's. */
export function withPaymentsReport(template: CfnTemplate): CfnTemplate {
  const example = JSON.parse(readFileSync(EXAMPLE, 'utf8')) as CfnTemplate;
  return {
    ...template,
    Parameters: { ...template.Parameters, PosternApiId: { Type: 'String', Default: 'sandbox' } },
    Resources: { ...template.Resources, ...example.Resources },
  };
}
