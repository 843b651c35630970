import { ACCOUNT_ID } from '../place.ts';
import type { SeedOptions } from '../sandbox-parts.ts';
import { actAsAdministrator } from './act-as-administrator.ts';
import { type DemoKeys, demoKeys } from './demo-keys.ts';
import { fillTables } from './fill-tables.ts';
import { demoPrincipals, SUBJECTS } from './principals.ts';

/** Who may call the sandbox, and where end users get their tokens. */
export type Access = {
  principals: DemoKeys;
  subjects: Record<string, { tokenUrl: string }>;
};

/** Callers hold this permission and no other: to ask. */
const MAY_ASK = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
};

/** Fills the bank's and the broker's tables, and makes the principals' keys. Run again, it adds what is missing. */
export async function seed({ aws, edge, env, dataDir }: SeedOptions): Promise<Access> {
  const people = demoPrincipals(`${edge.url}/issuer`, ACCOUNT_ID);
  const keys = demoKeys(
    people.map(({ principal }) => principal.id),
    dataDir,
  );
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
  await actAsAdministrator(aws, (client) => fillTables(client, people));
  return {
    principals: keys,
    subjects: Object.fromEntries(SUBJECTS.map((id) => [id, { tokenUrl: `${edge.url}/issuer/token/${id}` }])),
  };
}
