/**
 * Reading actions that also answer without a resource being named, though IAM's reference lists kinds of resources for
 * them, all optional: they list or sum up what there is. By service, as the services' documentation has them.
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/security_iam_id-based-policy-examples.html
 * @see https://docs.aws.amazon.com/cost-management/latest/userguide/billing-permissions-ref.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/permissions-reference-cw.html
 */
export const ANSWER_OF_ALL: Readonly<Record<string, RegExp>> = {
  ce: /^Get/,
  cloudformation: /^DescribeStacks$/,
  cloudwatch: /^(GetMetricData|ListMetrics)$/,
  elasticfilesystem: /^Describe(AccessPoints|FileSystems)$/,
  rds: /^Describe/,
};

/**
 * Reading actions that answer credentials, secrets or what others asked for, so that no session on everything may have
 * them; each with what it answers. Names are AWS's, from its service authorization reference, November 2026.
 */
export const NEVER_ON_EVERYTHING: ReadonlyMap<string, string> = new Map([
  ['sts:GetSessionToken', 'credentials'],
  ['sts:GetFederationToken', 'credentials'],
  ['sts:GetServiceBearerToken', 'credentials'],
  ['sts:GetWebIdentityToken', 'credentials'],
  ['ecr:GetAuthorizationToken', 'credentials'],
  ['ecr-public:GetAuthorizationToken', 'credentials'],
  ['cognito-identity:GetCredentialsForIdentity', 'credentials'],
  ['cognito-identity:GetOpenIdToken', 'credentials'],
  ['iam:GetCredentialReport', 'who has which credentials'],
  ['iam:GetAccountAuthorizationDetails', 'every policy of the account'],
  ['secretsmanager:BatchGetSecretValue', 'secrets'],
  ['states:RevealSecrets', 'secrets'],
  ['lambda:ListFunctions', 'environment variables, in which secrets stand'],
  ['ec2:DescribeLaunchTemplateVersions', 'user data, in which secrets stand'],
  ['ecs:ListTaskDefinitions', 'task definitions, in which secrets stand'],
  ['ecs:DescribeTaskDefinition', 'task definitions, in which secrets stand'],
  ['aws-external-anthropic:GetKey', 'credentials'],
  ['appsync:ListApiKeys', 'credentials'],
  ['sso-directory:ListBearerTokens', 'credentials'],
  ['route53globalresolver:ListAccessTokens', 'credentials'],
  ['cloudtrail:LookupEvents', 'what others did'],
  ['logs:DescribeQueries', "others' queries, by whose ids their results are read"],
  ['ssm:ListCommandInvocations', "others' commands and what these printed"],
  ['ssm:ListCommands', "others' commands"],
  ['ssm:DescribeSessions', "others' sessions"],
  ['athena:ListQueryExecutions', "others' queries"],
  ['redshift-data:ListStatements', "others' queries"],
]);

/** Names that say that a secret is answered, of actions that are not known by name. */
export const NAMES_A_SECRET =
  /(Credentials?(ForOrganization)?|SecretValues?|Secrets?|Password|Tokens?|AccessKeys?|APIKeys?|ApiKeys?|KeyPairs?|PrivateKeys?|BearerToken|AuthCode|Presigned\w*)$/;

/** Those of such names that answer names and numbers alone. */
export const NAMES_ONLY: ReadonlySet<string> = new Set([
  'secretsmanager:ListSecrets',
  'ec2:DescribeKeyPairs',
  'iam:ListAccessKeys',
  'waf:GetChangeToken',
  'waf-regional:GetChangeToken',
]);
