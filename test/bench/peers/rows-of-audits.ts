import { accountOf } from '../../../clients/iam/account/account-of.ts';
import { collectedSchema } from '../../../clients/iam/account/collected-account.ts';
import { auditAccount } from '../../../policy/audit/audit-account.ts';
import type { IamData } from '../../../policy/data/iam-data.ts';
import { allow, COLLECTED, inline, policyDocument, role } from '../../support/policy/collected-account.ts';
import type { Row, Say } from '../figure.ts';
import { askOfAccount, installPeers } from './ask-peers.ts';

const PASS = allow('iam:PassRole');
const RUN = allow(['lambda:CreateFunction', 'lambda:InvokeFunction']);
const PUT = allow('iam:PutRolePolicy');
const DENY = { Effect: 'Deny', Action: 'iam:*', Resource: '*' };
const NEVER = { Condition: { DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } } };
const LIMIT = 'arn:aws:iam::111122223333:policy/limit';

const holding = (...policies: readonly (readonly object[])[]) => ({
  RolePolicyList: policies.map((statements, nth) => inline(`p${nth}`, policyDocument(...statements))),
});
const limited = { PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: LIMIT } };

/** Roles that escalate, and roles that look so: told apart by what else each holds. */
const ESCALATING: Readonly<Record<string, object>> = {
  'by-one-policy': holding([PUT]),
  'by-two-policies': holding([PASS], [RUN]),
  'by-not-action': holding([{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }]),
};
const HARMLESS: Readonly<Record<string, object>> = {
  'denied-elsewhere': holding([PUT], [DENY]),
  'under-a-boundary': { ...holding([PUT]), ...limited },
  'a-condition-that-ended': holding([{ ...PUT, ...NEVER }]),
  'a-resource-of-another-kind': holding([allow('iam:PutRolePolicy', 'arn:aws:s3:::b')]),
};

const DETAILS = {
  UserDetailList: [],
  GroupDetailList: [],
  RoleDetailList: Object.entries({ ...ESCALATING, ...HARMLESS }).map(([name, more]) => ({
    RoleId: `AROA${name}`,
    InstanceProfileList: [],
    Tags: [],
    ...role(name, more),
  })),
  Policies: [
    {
      PolicyName: 'limit',
      PolicyId: 'ANPALIMIT',
      Arn: LIMIT,
      Path: '/',
      DefaultVersionId: 'v1',
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 1,
      IsAttachable: true,
      PolicyVersionList: [
        { VersionId: 'v1', IsDefaultVersion: true, Document: policyDocument(allow('s3:*')) },
      ],
    },
  ],
};

function rowOf(who: string, told: readonly string[]): Row {
  const count = (roles: object) => Object.keys(roles).filter((name) => told.includes(name)).length;
  return {
    what: `roles of an account told to escalate, by ${who}`,
    'that do': count(ESCALATING),
    'of them': Object.keys(ESCALATING).length,
    'that do not': count(HARMLESS),
    'of these': Object.keys(HARMLESS).length,
  };
}

/** Which roles of one account are told to escalate, by us and by the peer that takes an account. */
export function rowsOfAudits(say: Say, data: IamData): Row[] {
  const collected = collectedSchema.parse({ ...COLLECTED, authorizationDetails: DETAILS });
  const { principals } = auditAccount(accountOf(collected, data), { breakGlass: [] }, data);
  const ours = principals.filter(({ escalations }) => escalations.length > 0).map(({ name }) => name);
  const rows = [rowOf('iam audit', ours)];
  if (installPeers(say)) rows.push(rowOf('cloudsplaining', askOfAccount(DETAILS)));
  return rows;
}
