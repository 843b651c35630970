import { MEMBER_STACK } from './names.ts';
import { runCommand } from './run-command.ts';
import { writeMember } from './write-member.ts';

/** Writes the template of one member account's brokered roles: `npm run synth:member -- <account id>`. */
function synthMember([member = '']: readonly string[]): void {
  if (!/^\d{12}$/.test(member)) throw new Error('name the account: npm run synth:member -- 111122223333');
  const { file } = writeMember(member);
  console.log(`Written to ${file}. In account ${member}, as its administrator:`);
  console.log(
    `aws cloudformation deploy --stack-name ${MEMBER_STACK} --template-file ${file} --capabilities CAPABILITY_NAMED_IAM --parameter-overrides BrokerAccount=… BrokerRegion=…`,
  );
}

await runCommand(() => synthMember(process.argv.slice(2)));
