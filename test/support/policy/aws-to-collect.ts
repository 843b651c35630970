import { gzipSync } from 'node:zlib';
import { type Read, type ReadName, ReadRefused } from '../../../clients/iam/collect/reads.ts';
import { COLLECTED } from './collected-account.ts';

const ACCOUNT = COLLECTED.account;

/** An event as CloudTrail writes it. */
export const trailEvent = (more: object = {}) => ({
  eventVersion: '1.11',
  eventTime: '2026-11-20T10:00:00Z',
  eventSource: 'sqs.amazonaws.com',
  eventName: 'SendMessage',
  awsRegion: 'eu-central-1',
  managementEvent: false,
  userIdentity: {
    type: 'AssumedRole',
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/writer/x`,
    sessionContext: { sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/writer` } },
  },
  resources: [{ ARN: `arn:aws:sqs:eu-central-1:${ACCOUNT}:q`, type: 'AWS::SQS::Queue' }],
  ...more,
});

export const trailFile = (...events: readonly object[]): Buffer =>
  gzipSync(JSON.stringify({ Records: events }));

type Answers = Partial<Record<ReadName, (input: Record<string, unknown>, nth: number) => unknown>>;

const { RoleDetailList, UserDetailList, GroupDetailList, Policies } = COLLECTED.authorizationDetails;

const STRANGERS = {
  StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abc' },
  BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
};

/** An account as AWS would answer of it, its details in two pages. */
const ANSWERS: Answers = {
  'sts:GetCallerIdentity': () => ({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/auditor` }),
  'iam:GetAccountAuthorizationDetails': ({ Marker }) =>
    Marker === undefined
      ? { UserDetailList, GroupDetailList, IsTruncated: true, Marker: 'second' }
      : { RoleDetailList, Policies, IsTruncated: false },
  'iam:GenerateCredentialReport': () => ({ State: 'STARTED' }),
  'iam:GetCredentialReport': (_, nth) => {
    if (nth === 0) throw new ReadRefused('CredentialReportNotReadyException', 'not yet');
    return { Content: new TextEncoder().encode(COLLECTED.credentialReport) };
  },
  'iam:GetAccountSummary': () => ({ SummaryMap: COLLECTED.accountSummary }),
  'iam:GetAccountPasswordPolicy': () => {
    throw new ReadRefused('NoSuchEntityException', 'there is none');
  },
  'access-analyzer:ListAnalyzers': () => ({ analyzers: COLLECTED.analyzers }),
  'cloudtrail:DescribeTrails': () => ({
    trailList: [
      {
        TrailARN: 'arn:aws:cloudtrail:eu-central-1:1:trail/t',
        HomeRegion: 'eu-central-1',
        IsMultiRegionTrail: true,
      },
    ],
  }),
  'cloudtrail:GetTrailStatus': () => ({ IsLogging: false }),
  'organizations:DescribeOrganization': () => ({ Organization: { MasterAccountId: '999988887777' } }),
  'organizations:ListPoliciesForTarget': ({ TargetId, Filter }) =>
    Filter === 'SERVICE_CONTROL_POLICY'
      ? { Policies: [{ Id: `p-${TargetId}`, Name: `of ${TargetId}` }] }
      : { Policies: TargetId === 'r-1' ? [{ Id: 'p-rcp', Name: 'no strangers' }] : [] },
  'organizations:DescribePolicy': ({ PolicyId }) => ({
    Policy: {
      Content: JSON.stringify({
        Version: '2012-10-17',
        Statement:
          PolicyId === 'p-rcp'
            ? {
                Effect: 'Deny',
                Principal: '*',
                Action: 'sts:AssumeRole',
                Resource: '*',
                Condition: STRANGERS,
              }
            : { Effect: 'Allow', Action: '*', Resource: '*' },
      }),
    },
  }),
  'organizations:ListParents': ({ ChildId }) => ({ Parents: [{ Id: ChildId === ACCOUNT ? 'ou-1' : 'r-1' }] }),
  'iam:GenerateServiceLastAccessedDetails': ({ Arn }) => ({ JobId: Arn }),
  'iam:GetServiceLastAccessedDetails': ({ JobId }) => ({
    JobStatus: 'COMPLETED',
    ServicesLastAccessed: (COLLECTED.lastAccessed as Record<string, unknown>)[String(JobId)] ?? [],
    IsTruncated: false,
  }),
  'cloudtrail:LookupEvents': () => ({ Events: [{ CloudTrailEvent: JSON.stringify(trailEvent()) }] }),
};

/** Answers as AWS does, and notes what it was asked; `denied` names what the caller may not. */
export function awsToCollect(own: Answers = {}, denied: readonly ReadName[] = []) {
  const calls: { name: ReadName; input: Record<string, unknown>; region: string | undefined }[] = [];
  const answers: Answers = { ...ANSWERS, ...own };
  const read: Read = async (name, input = {}, region) => {
    const nth = calls.filter((call) => call.name === name).length;
    calls.push({ name, input: input as Record<string, unknown>, region });
    if (denied.includes(name)) throw new ReadRefused('AccessDenied', `not authorized to perform ${name}`);
    const answer = answers[name];
    if (!answer) throw new Error(`nothing answers ${name}`);
    return answer(input as Record<string, unknown>, nth);
  };
  return { read, calls, namesCalled: () => [...new Set(calls.map(({ name }) => name))].sort() };
}
