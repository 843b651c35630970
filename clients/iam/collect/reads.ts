/**
 * Every call to AWS that collecting an account makes, by the action that allows it: each reads, and none else can be
 * made. docs/examples/iam/collector.json allows these and nothing more, which a test proves.
 */
export const READS = [
  'access-analyzer:ListAnalyzers',
  'cloudtrail:DescribeTrails',
  'cloudtrail:GetTrailStatus',
  'cloudtrail:LookupEvents',
  'iam:GenerateCredentialReport',
  'iam:GenerateServiceLastAccessedDetails',
  'iam:GetAccountAuthorizationDetails',
  'iam:GetAccountPasswordPolicy',
  'iam:GetAccountSummary',
  'iam:GetCredentialReport',
  'iam:GetServiceLastAccessedDetails',
  'organizations:DescribeOrganization',
  'organizations:DescribePolicy',
  'organizations:ListParents',
  'organizations:ListPoliciesForTarget',
  's3:GetObject',
  's3:ListBucket',
  'sts:GetCallerIdentity',
] as const;
export type ReadName = (typeof READS)[number];

/** Makes one call, and answers what AWS answered. Throws ReadRefused, or what the SDK threw after its own retries. */
export type Read = (name: ReadName, input?: object, region?: string) => Promise<unknown>;

/** What AWS would not answer, by the code that it gave. */
export class ReadRefused extends Error {
  override readonly name = 'ReadRefused';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Codes by which services say that a permission is missing, or that an endpoint has no such call. */
const DENIED =
  /^(?:AccessDenied(?:Exception)?|UnauthorizedOperation|AuthorizationError|Forbidden|AllAccessDisabled|UnknownServiceException|UnknownOperationException|InvalidAction|NotImplemented)$/;

export const isDenied = (error: unknown): error is ReadRefused =>
  error instanceof ReadRefused && DENIED.test(error.code);

export const isRefusedAs = (error: unknown, code: string): boolean =>
  error instanceof ReadRefused && error.code === code;
