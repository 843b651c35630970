import { bankRows } from '../../demo/bank-rows.ts';
import { fillBank } from '../../demo/fill-bank.ts';
import { ACCOUNT_ID } from '../../demo/place.ts';
import { demoPrincipals, SUBJECTS } from '../../demo/principals.ts';
import { renewPrincipal } from '../../demo/renew-principal.ts';
import { STEP_UP_PREFIX, TABLE_NAMES } from '../../infra/names.ts';
import { addPeople } from '../../lambdas/shared/adapters/tables/add-people.ts';
import { totpOf } from '../../lambdas/shared/votes/check-step-up.ts';
import type { FactSourceAccess } from '../issuer/fact-source.ts';
import type { SeedOptions } from '../sandbox-parts.ts';
import { ACCOUNT_READER, addAccountReader } from './account-reader.ts';
import { actAsAdministrator } from './act-as-administrator.ts';
import { type AuditAccess, auditAccess } from './audit-access.ts';
import { type DemoKeys, demoKeys, newKey } from './demo-keys.ts';
import { readSlackUsers } from './read-slack-users.ts';
import { scimTokenIn } from './scim-token.ts';
import { stepUpSecrets } from './step-up-secrets.ts';

/** Who may call the sandbox, and where end users get their tokens. */
export type Access = {
  principals: Record<string, DemoKeys[string] & { tokenUrl?: string }>;
  /** TOTP secrets of the demo's approvers, base32. */
  stepUp: Record<string, string>;
  subjects: Record<string, { tokenUrl: string }>;
  /** What an identity provider brings to write users and groups. */
  scimToken: string;
  /** With what facts from outside are signed. */
  factSource: FactSourceAccess;
  /** A key that may read the account to audit it, and nothing else. */
  accountReader: DemoKeys[string];
  /** With what the audit log is read and verified, until the sandbox ends. */
  audit: AuditAccess;
};

/** Those of the demo who approve, each with an authenticator. */
const APPROVERS = ['admin', 'approver1', 'approver2'];

/** Callers hold this permission and no other: to ask. */
const MAY_ASK = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
};

/** Fills the bank's and the broker's tables, and makes the principals' keys. Run again, it adds what is missing. */
export async function seed({ aws, edge, env, dataDir, template }: SeedOptions): Promise<Access> {
  const issuer = `${edge.consoleUrl}/issuer`;
  const people = demoPrincipals(issuer, ACCOUNT_ID, readSlackUsers(env.SLACK_USERS)).map(
    ({ principal, policy }) => ({
      policy,
      principal: { ...principal, signIn: [{ issuer, subject: principal.id }] },
    }),
  );
  const { [ACCOUNT_READER]: accountReader = newKey(), ...keys } = demoKeys(
    [...people.map(({ principal }) => principal.id), ACCOUNT_READER],
    dataDir,
  );
  addAccountReader(aws, accountReader);
  for (const [id, key] of Object.entries(keys)) {
    const arn = `arn:aws:iam::${ACCOUNT_ID}:user/${id}`;
    aws.credentials.add({
      ...key,
      caller: {
        accountId: ACCOUNT_ID,
        arn,
        userId: `AIDA${key.accessKeyId.slice(4)}`,
        accessKeyId: key.accessKeyId,
        identityPolicies: [MAY_ASK],
        principalTags: {},
      },
    });
  }
  aws.secrets.put('postern/openai', env.OPENAI_API_KEY || 'the offline reviewer takes no key');
  aws.secrets.put('postern/slack', JSON.stringify(edge.slack.secret));
  if (edge.webhooks.secret) aws.secrets.put('postern/webhooks', edge.webhooks.secret);
  const scimToken = scimTokenIn(dataDir);
  aws.secrets.put('postern/scim', scimToken);
  const stepUp = stepUpSecrets(APPROVERS, dataDir);
  for (const [id, secret] of Object.entries(stepUp)) {
    aws.secrets.put(`${STEP_UP_PREFIX}/${id}`, secret);
    const slackUserId = people.find(({ principal }) => principal.id === id)?.principal.slackUserId;
    if (slackUserId) edge.slack.own?.lendAuthenticator(slackUserId, () => totpOf(secret).generate());
  }
  await actAsAdministrator(aws, async (client) => {
    await addPeople({ client, tableNames: TABLE_NAMES, renew: renewPrincipal }, people);
    await fillBank(client, bankRows(SUBJECTS));
  });
  const audit = auditAccess(template, aws);
  return {
    principals: Object.fromEntries(
      Object.entries(keys).map(([id, key]) => [id, { ...key, tokenUrl: edge.tokenUrlOf(id) }]),
    ),
    stepUp,
    accountReader,
    scimToken,
    factSource: edge.factSource,
    audit,
    subjects: Object.fromEntries(SUBJECTS.map((id) => [id, { tokenUrl: `${issuer}/token/${id}` }])),
  };
}
