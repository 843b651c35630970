import type { Command } from 'commander';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';
import type { CallerIdentity } from '../../sdk/caller-identity.ts';
import { readTokenClaims } from '../../sdk/token-identity.ts';
import { brokerFor, type CliContext, commonOf, endpointOf, identityOf, print } from '../cli-context.ts';

/** What the calls are known by: a key and its region, or a token's issuer and subject. */
async function knownBy(identity: CallerIdentity) {
  if (identity.token) {
    const { issuer, subject, actor } = readTokenClaims(await identity.token());
    const who = actor === undefined ? subject : `${actor}, for ${subject}`;
    const details = { issuer, subject, ...(actor !== undefined && { actor }) };
    return { details, text: `signs in   as ${visibleText(who)} of ${visibleText(issuer)}` };
  }
  const [{ accessKeyId }, region] = await Promise.all([identity.credentials(), identity.region()]);
  return { details: { accessKeyId, region }, text: `signs with ${accessKeyId}, for ${region}` };
}

/** `postern whoami`: who the broker takes the caller for, and what the calls are signed with. */
export function addWhoami(program: Command, context: CliContext): void {
  program
    .command('whoami')
    .description('who the broker takes you for, and what your calls are signed with')
    .action(async (_: unknown, command: Command) => {
      const options = commonOf(command);
      const identity = identityOf(options);
      const [{ principal }, known] = await Promise.all([
        brokerFor(options, context).catalog({ signal: context.signal }),
        knownBy(identity),
      ]);
      const endpoint = endpointOf(options, context);
      const text = [`principal  ${principal}`, known.text, `broker     ${endpoint}`].join('\n');
      print({ principal, ...known.details, endpoint }, text, options, context);
    });
}
