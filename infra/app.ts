import { App } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { readConfigFiles } from '../lambdas/shared/adapters/config/read-config.ts';
import { ConfigError } from '../lambdas/shared/domain/config-error.ts';
import type { IssuersConfig } from '../lambdas/shared/domain/identity/issuers.ts';
import { checkConfig, refuseEntries } from './check-config.ts';
import type { FunctionCode } from './constructs/functions/functions.ts';
import { STREAMS_OFF } from './constructs/storage/stream-arn.ts';
import { problemsOfOwnParts } from './own-parts.ts';
import { ownPartsOf } from './parts-of-stack.ts';
import { PosternStack } from './postern-stack.ts';
import type { RecordedAccount } from './recorded-accounts.ts';
import { readSettings, type Settings } from './settings.ts';
import { problemOfTemplate } from './template-size.ts';

/** Where and how Postern is synthesised. Nothing is looked up: synth works offline. */
type SynthOptions = {
  /** The demo bank's tables and its brokered data: on in the sandbox, off on AWS unless asked for. */
  readonly demo: boolean;
  /** The functions' code, bundled; absent where the sandbox bundles them for itself. */
  readonly code?: FunctionCode;
  /** The organisation's; those of `deployment.json` where absent. */
  readonly settings?: Settings;
  /** Whose tokens are taken; those of `issuers.json` where absent. */
  readonly issuers?: IssuersConfig;
  /**
   * There is no stack yet. Its tables are not yet protected from being deleted: CloudFormation could not take them away
   * again if the deployment failed, and their names would block the next.
   */
  readonly isFirst?: boolean;
  /** Without the tables' streams and what reads them: the deployment before they are made anew. */
  readonly streamsOff?: boolean;
  /** Accounts of earlier that may still have roles: the stack goes on saying so. */
  readonly leftAccounts?: readonly RecordedAccount[];
  /** Where the cloud assembly is written; a temporary folder of CDK's where absent. */
  readonly outdir?: string;
};

/** The app of one stack, in the account and region it is deployed to. Throws ConfigError. */
export function makeApp({
  demo,
  code,
  isFirst,
  streamsOff,
  outdir,
  issuers,
  leftAccounts,
  settings = readSettings(),
}: SynthOptions): App {
  const app = new App({
    ...(outdir && { outdir }),
    analyticsReporting: false,
    context: {
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      ...(streamsOff && { [STREAMS_OFF]: true }),
    },
  });
  checkConfig();
  const stack = new PosternStack(app, 'Postern', {
    demo,
    settings,
    ...(issuers && { issuers }),
    ...(code && { code }),
    ...(leftAccounts && { leftAccounts }),
  });
  refuseEntries(problemsOfOwnParts(readConfigFiles().catalog.resources, ownPartsOf(stack)));
  if (isFirst)
    for (const made of stack.node.findAll())
      if (made instanceof CfnTable) made.deletionProtectionEnabled = false;
  return app;
}

/** Writes the app, and answers its template. Throws ConfigError where CloudFormation would not take it. */
export function synthApp(app: App): { template: Record<string, unknown>; directory: string } {
  const assembly = app.synth();
  const { template } = assembly.getStackByName('Postern');
  const problem = problemOfTemplate(template);
  if (problem) throw new ConfigError('catalog.json', undefined, problem);
  return { template, directory: assembly.directory };
}

/** The CloudFormation template, as the sandbox boots from it. Throws ConfigError. */
export const synthTemplate = (options: SynthOptions = { demo: true }): Record<string, unknown> =>
  synthApp(makeApp(options)).template;
