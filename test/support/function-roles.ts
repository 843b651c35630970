import { type Authorization, isAllowed } from '../../sandbox/aws/authorize.ts';
import { resolveTemplate } from '../../sandbox/template/resolve-template.ts';
import { template } from './template.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-central-1';

/** The template as it is deployed to the account and region of the tests; its roles are as synthesised. */
export const deployed = () => resolveTemplate(template(), { accountId: ACCOUNT, region: REGION });

const PREFIX = 'postern-';

/** Functions by their folders. */
export const functionNamesOf = ({ functions }: ReturnType<typeof deployed>): string[] =>
  functions.map(({ name }) => name.slice(PREFIX.length));

/** Answers whether the role of a function may do something, asked of our own evaluator. */
export function makeMay({ roles }: ReturnType<typeof deployed>) {
  return (functionName: string, asked: Authorization): boolean => {
    const role = roles.find(({ name }) => name === `${PREFIX}${functionName}`);
    if (!role) throw new Error(`no role for ${functionName}`);
    return isAllowed(
      {
        accountId: ACCOUNT,
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role.name}/${functionName}`,
        userId: `${role.id}:${functionName}`,
        accessKeyId: 'ASIATEST',
        identityPolicies: role.policies.map(({ document }) => document),
        principalTags: {},
        sessionIssuer: role.arn,
      },
      asked,
    );
  };
}
