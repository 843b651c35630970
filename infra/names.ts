/** Names that both the template and what runs beside it go by. Nothing of CDK is loaded for them. */

/** The workflow's name. Functions that it invokes name it by this, so that neither references the other. */
export const STATE_MACHINE_NAME = 'access-request';

/** The workflow that ends sessions before their time. */
export const REVOKE_MACHINE_NAME = 'revoke-session';

/** The stack of brokered roles in another account. */
export const MEMBER_STACK = 'PosternMember';

/** The output of the broker's stack that says in which other accounts it has roles. */
export const ACCOUNTS_OUTPUT = 'Accounts';

/** Every state machine that is part of the broker. */
export const OWN_MACHINES: readonly string[] = [STATE_MACHINE_NAME, REVOKE_MACHINE_NAME];

/** The broker's own tables, by what the code calls them. */
export const TABLE_NAMES = {
  requests: 'postern_requests',
  principals: 'users_table',
  policies: 'policy_table',
  awsPrincipals: 'postern_aws_principals',
  idempotency: 'postern_idempotency',
  approvals: 'postern_approvals',
  messages: 'postern_messages',
  once: 'postern_once',
  callbacks: 'postern_callbacks',
  audit: 'postern_audit',
  usage: 'postern_usage',
  versions: 'postern_versions',
  denials: 'postern_denials',
  delegations: 'postern_delegations',
  calls: 'postern_calls',
  reviews: 'postern_reviews',
  directory: 'postern_directory',
  facts: 'postern_facts',
  accessReviews: 'postern_access_reviews',
} as const;

/** One of the broker's own tables. */
export type TableKey = keyof typeof TABLE_NAMES;

/** Whoever may assume it reads and verifies the audit log. */
export const AUDIT_READER_ROLE = 'postern-audit-reader';

/** Whoever may assume it has the audit log joined to its archive again after a restoration, and nothing else. */
export const RESTORER_ROLE = 'postern-restorer';

/** What the names of approvers' TOTP secrets begin with; `npm run step-up` makes them, one a principal. */
export const STEP_UP_PREFIX = 'postern/step-up';

/** The role that the demo's principal calls the API with. */
export const demoCallerName = (principal: string): string => `postern-demo-${principal.replaceAll('_', '-')}`;

/** What an organisation names the role that is used when the broker cannot be: see docs/security.md. */
export const BREAK_GLASS_ROLE = 'postern-break-glass';
