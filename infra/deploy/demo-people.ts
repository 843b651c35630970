import { demoPrincipals } from '../../demo/principals.ts';
import type { Person } from '../../lambdas/shared/adapters/tables/add-people.ts';
import { demoCallerName } from '../names.ts';
import type { Place } from './find-place.ts';
import { NotReady } from './not-ready.ts';
import type { DemoPool } from './pools/demo-pool.ts';
import type { DemoSignIn } from './pools/demo-sign-in.ts';

/** `approver1=U0123ABCD`: who a principal of the demo is in Slack. */
const IN_SLACK = /^([a-z][a-z0-9_]+)=([UW][A-Z0-9]{2,})$/;

/**
 * The demo's principals as they are on AWS: they call with the roles that the demo's deployment makes, are in
 * Slack who the operator says, and the support agent's customers are signed in by the pool.
 */
export function demoPeople(
  { account, region }: Place,
  { poolId, clientId }: DemoPool,
  slackUsers: readonly string[],
  signIn?: Pick<DemoSignIn, 'issuer' | 'subjects'>,
): Person[] {
  const inSlack = new Map(
    slackUsers.map((text) => {
      const [, id = '', user = ''] = IN_SLACK.exec(text) ?? [];
      if (!id) throw new NotReady(`"${text}" names nobody in Slack: write approver1=U0123ABCD`);
      return [id, user];
    }),
  );
  const issuer = `https://cognito-idp.${region}.amazonaws.com/${poolId}`;
  return demoPrincipals(issuer, account).map(({ policy, principal: { slackUserId: _, ...principal } }) => {
    const slackUserId = inSlack.get(principal.id);
    const subject = signIn?.subjects.get(principal.id);
    return {
      policy,
      principal: {
        ...principal,
        awsPrincipals: [`arn:aws:iam::${account}:role/${demoCallerName(principal.id)}`],
        // Its identity tokens by their audience, and its access tokens, which have none, by their client.
        subjectIssuers: principal.subjectIssuers.map((entry) => ({
          ...entry,
          audiences: [clientId],
          clients: [clientId],
        })),
        ...(signIn && subject && { signIn: [{ issuer: signIn.issuer, subject }] }),
        ...(slackUserId && { slackUserId }),
      },
    };
  });
}
