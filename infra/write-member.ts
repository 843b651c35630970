import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { MemberStack } from './member-stack.ts';
import { MEMBER_STACK } from './names.ts';

/** Writes the template of an account's brokered roles under cdk.out. Throws where the catalog has no entry of it. */
export function writeMember(account: string): { readonly file: string; readonly template: string } {
  const app = new App({ outdir: join('cdk.out', `member-${account}`), analyticsReporting: false });
  const stack = new MemberStack(app, MEMBER_STACK, { member: account });
  const { directory } = app.synth();
  const file = join(directory, stack.templateFile);
  return { file, template: readFileSync(file, 'utf8') };
}
