import { domainOf, partitionOf } from '../data/places.ts';
import { RUNS_AS_ROLE } from '../data/service-principals.ts';
import { readAssumer } from './assumer.ts';
import type { Intent } from './intent.ts';

export type TrustDocument = {
  readonly Version: '2012-10-17';
  readonly Statement: readonly { readonly [element: string]: unknown }[];
};

/** A role's trust policy, and why it is as it is. */
export type Trust = { readonly document: TrustDocument; readonly because: readonly string[] };

const GITHUB = 'token.actions.githubusercontent.com';

const documentWith = (statement: object): TrustDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', ...statement }],
});

/** The trust policy for whoever is to assume the role; undefined where nobody does. Every question is answered. */
export function buildTrust({ answers }: Intent): Trust | undefined {
  const assumer = readAssumer(answers.assumedBy ?? 'none');
  const { account = '', externalId } = answers;
  const partition = partitionOf(answers.region ?? '');
  switch (assumer?.kind) {
    case 'service':
      return ofService(`${assumer.service}.${domainOf(partition)}`, assumer.service, account);
    case 'github':
      return ofGithub(assumer.subject, account, partition);
    case 'account': {
      const isOwn = assumer.account === account;
      return {
        document: documentWith({
          Action: 'sts:AssumeRole',
          Principal: { AWS: `arn:${partition}:iam::${assumer.account}:root` },
          ...(!isOwn && { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
        }),
        because: [
          isOwn
            ? 'whoever of the account its own policies let assume the role may; name a role or a user to be narrower'
            : 'another account may, where it brings the ExternalId that it made up for you: so nobody can have it take your role for theirs',
        ],
      };
    }
    case 'arn': {
      const isOther = assumer.account !== account;
      const condition = {
        ...(assumer.isUser && { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
        ...(isOther && { StringEquals: { 'sts:ExternalId': externalId } }),
      };
      return {
        document: documentWith({
          Action: 'sts:AssumeRole',
          Principal: { AWS: assumer.arn },
          ...(Object.keys(condition).length > 0 && { Condition: condition }),
        }),
        because: [
          `${assumer.arn} alone may assume it`,
          ...(assumer.isUser ? ['a user has to have signed in with a second factor'] : []),
          ...(isOther
            ? ['it is of another account, and brings the ExternalId that was made up for you']
            : []),
        ],
      };
    }
    default:
      return undefined;
  }
}

function ofService(principal: string, service: string, account: string): Trust {
  // These take a role only as it is passed to them, and send no source.
  const isPassed = RUNS_AS_ROLE.test(principal);
  const isPod = service === 'pods.eks';
  return {
    document: documentWith({
      Action: isPod ? ['sts:AssumeRole', 'sts:TagSession'] : 'sts:AssumeRole',
      Principal: { Service: principal },
      ...(!isPassed && { Condition: { StringEquals: { 'aws:SourceAccount': account } } }),
    }),
    because: [
      isPassed
        ? `${principal} takes the role only as it is passed to it in its own account`
        : `${principal} may, on behalf of your account alone: nobody can make it use your role for theirs`,
      ...(isPod ? ['EKS names the pod by tags of the session'] : []),
    ],
  };
}

const ofGithub = (subject: string, account: string, partition: string): Trust => ({
  document: documentWith({
    Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${GITHUB}` },
    Condition: { StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com', [`${GITHUB}:sub`]: subject } },
  }),
  because: [
    `jobs of GitHub whose token says ${subject}, made for AWS, may: those of other repositories and branches may not`,
  ],
});
