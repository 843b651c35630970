import { App } from 'aws-cdk-lib';
import { readConfigFiles } from '../lambdas/shared/adapters/config/read-config.ts';
import { MemberStack } from './member-stack.ts';
import { MEMBER_STACK } from './names.ts';

/** The templates of all other accounts that the catalog has entries of, by their ids. */
export function memberTemplates(): Record<string, Record<string, unknown>> {
  const { resources } = readConfigFiles().catalog;
  const ids = new Set(resources.flatMap(({ account }) => account?.id ?? []));
  return Object.fromEntries(
    [...ids].map((member) => {
      const app = new App({ analyticsReporting: false });
      const { stackName } = new MemberStack(app, MEMBER_STACK, { member });
      return [member, app.synth().getStackByName(stackName).template];
    }),
  );
}
