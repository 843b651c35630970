import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { ACCOUNT_ID, REGION } from '../../demo/place.ts';
import { parseSettings } from '../../infra/settings.ts';
import { cacheBuilt } from '../../sandbox/built/cache-built.ts';
import { digestFiles, digestSources } from '../../sandbox/built/digest-sources.ts';
import { bundleFunctionsOf } from '../../sandbox/functions/bundle-functions-of.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';
import type { Synthesised } from '../../sandbox/template/types.ts';
import { withPaymentsReport } from './with-payments-report.ts';

/** With a caller's state machine on the list, so that what it takes is among the permissions that are tested. */
/** What the template is made of besides: the configuration, and the settings above. */
const OWN = ['config', 'test/support/build-once.ts'];
const settings = parseSettings('{ "callbackStateMachines": ["payments-report"] }');

const FILE = 'template.json';

/** The template; test/infra/valid-templates.deep.test.ts holds it against CloudFormation's rules. */
async function synthesised(): Promise<Synthesised> {
  const folder = await cacheBuilt(
    `template-of-tests-${digestSources()}-${digestFiles(OWN)}`,
    async (empty) => {
      const { synthTemplate } = await import('../../infra/app.ts');
      const { memberTemplates } = await import('../../infra/member-templates.ts');
      const template = synthTemplate({ demo: true, settings });
      writeFileSync(join(empty, FILE), JSON.stringify({ ...template, members: memberTemplates() }));
    },
  );
  return JSON.parse(readFileSync(join(folder, FILE), 'utf8'));
}

/** The command line as others install it: a process of it starts in a quarter of the time that its sources take. */
const programs = (): Promise<string> =>
  cacheBuilt(`programs-${digestSources()}-${digestFiles(['scripts/build-programs.ts'])}`, async (empty) => {
    const { buildPrograms } = await import('../../scripts/build-programs.ts');
    await buildPrograms(empty);
  });

/** Synthesising and bundling take some seconds: every test that boots from the template shares one of each. */
export default async function setup(project: TestProject): Promise<void> {
  const template = await synthesised();
  const place = { accountId: ACCOUNT_ID, region: REGION };
  const bundles = await bundleFunctionsOf(resolveTemplate(withPaymentsReport(template), place));
  project.provide('template', template);
  project.provide('bundles', bundles);
  project.provide('programs', await programs());
}
