import type { TestProject } from 'vitest/node';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { synthTemplate } from '../../infra/app.ts';
import { parseSettings } from '../../infra/settings.ts';
import { bundleFunctionsOf } from '../../sandbox/functions/bundle-functions-of.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';
import type { CfnTemplate } from '../../sandbox/template/types.ts';
import { withPaymentsReport } from './with-payments-report.ts';

/** With a caller's state machine on the list, so that what it takes is among the permissions that are tested. */
const settings = parseSettings('{ "callbackStateMachines": ["payments-report"] }');

/** Synthesising and bundling take some seconds: every test that boots from the template shares one of each. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const template = synthTemplate({ demo: true, settings }) as CfnTemplate;
  const place = { accountId: ACCOUNT_ID, region: REGION };
  const { folder, discard } = await bundleFunctionsOf(
    resolveTemplate(withPaymentsReport(template), place),
    undefined,
  );
  project.provide('template', template);
  project.provide('bundles', folder);
  return discard;
}
