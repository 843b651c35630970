import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { synthTemplate } from '../../infra/app.ts';
import { parseSettings } from '../../infra/settings.ts';
import type { CfnTemplate } from '../../sandbox/template/types.ts';
import { proposing } from '../support/scripted-reviewer.ts';
import { type Cloud, startCloud } from '../support/start-cloud.ts';
import { bundles } from '../support/template.ts';

const settings = parseSettings(
  JSON.stringify({ reviewers: ['bedrock', 'openai'], bedrockModel: 'eu.amazon.nova-pro-v1:0' }),
);

const template = (): CfnTemplate => synthTemplate({ demo: true, settings }) as CfnTemplate;

/** The same where the role may not ask Bedrock: it refuses every call. */
function withoutBedrock(): CfnTemplate {
  const refusing = structuredClone(template());
  const role = Object.values(refusing.Resources).find(
    ({ Properties }) => Properties?.RoleName === 'postern-review-request',
  )?.Properties as unknown as { Policies: { PolicyDocument: { Statement: { Action: unknown }[] } }[] };
  for (const { PolicyDocument } of role.Policies)
    PolicyDocument.Statement = PolicyDocument.Statement.filter(
      ({ Action }) => !JSON.stringify(Action).includes('bedrock'),
    );
  return refusing;
}

/** What IAM says where the role may not. */
const REFUSED =
  'review-request: bedrock:InvokeModel on arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0';

let cloud: Cloud | undefined;
let meantToBeRefused: string[] = [];
afterEach(() => cloud?.close(meantToBeRefused));

/** Asks a broker of this template for what the analyst may have, and answers who reviewed it. */
async function reviewedBy(deployed: CfnTemplate) {
  const started = await startCloud({ template: deployed, bundles: bundles() });
  cloud = started;
  started.reviewer.says(proposing('bank_operational_metrics', ['dynamodb:Query']));
  const { body } = await started.as('analyst1')('POST', '/requests?wait=20', {
    reason: 'Query the operational metrics for the weekly report.',
  });
  const events = await started.historyOf(String(body.requestId));
  const reviewed = events
    .map(({ stateExitedEventDetails: state }) => state)
    .find((state) => state?.name === 'ReviewRequest');
  const { model } = JSON.parse(reviewed?.output ?? '{}').review;
  return { status: body.status, model, askedOfOpenai: started.reviewer.asked };
}

test('Bedrock reviews by the function’s own role, and nobody else is asked', async () => {
  expect(await reviewedBy(template())).toEqual({
    status: 'READY',
    model: 'eu.amazon.nova-pro-v1:0',
    askedOfOpenai: 0,
  });
});

test('where Bedrock may not be asked, the second reviewer is, and is named', async () => {
  meantToBeRefused = [REFUSED];
  expect(await reviewedBy(withoutBedrock())).toEqual({
    status: 'READY',
    model: 'scripted',
    askedOfOpenai: 1,
  });
});

const MODEL = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';

test('a model at Bedrock is held against the labelled requests: eval -- --bedrock', async () => {
  const started = await startCloud();
  cloud = started;
  meantToBeRefused = [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      'scripts/evaluate.ts',
      '--bedrock',
      MODEL,
      '--region',
      'eu-central-1',
      '--only',
      'bank',
      '--at-once',
      '1',
    ],
    {
      env: {
        PATH: process.env.PATH,
        AWS_ENDPOINT_URL: started.urls.aws,
        AWS_ACCESS_KEY_ID: started.clientOptions.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: started.clientOptions.credentials.secretAccessKey,
      },
    },
  );
  expect(stdout).toContain(MODEL);
  // Every request was answered: the last column of the sum counts those that were not.
  expect(stdout).toMatch(/^all +36 .* 0$/m);
});
