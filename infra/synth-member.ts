import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { MemberStack } from './member-stack.ts';
import { runCommand } from './run-command.ts';

/** Writes the template of one member account's brokered roles: `npm run synth:member -- <account id>`. */
function synthMember([member = '']: readonly string[]): void {
  if (!/^\d{12}$/.test(member)) throw new Error('name the account: npm run synth:member -- 111122223333');
  const app = new App({ outdir: join('cdk.out', `member-${member}`), analyticsReporting: false });
  const stack = new MemberStack(app, 'PosternMember', { member });
  const { directory } = app.synth();
  const template = join(directory, stack.templateFile);
  console.log(`Written to ${template}. In account ${member}, as its administrator:`);
  console.log(
    `aws cloudformation deploy --stack-name PosternMember --template-file ${template} --capabilities CAPABILITY_NAMED_IAM --parameter-overrides BrokerAccount=… BrokerRegion=…`,
  );
}

await runCommand(() => synthMember(process.argv.slice(2)));
