import type { Condition, Policy, Principal } from '../../parse/policy-model.ts';
import { makeReference, prove } from '../../prove/prove.ts';
import { ownPolicy } from '../../questions/satisfiable.ts';
import type { Check } from '../check.ts';
import { isStar } from '../matched-actions.ts';
import { accountOf } from './account-of.ts';

const STEPS = 20_000;

/** Keys by which AWS tells whether a policy is public: each ties the request to somebody who is named. */
const TIES =
  /^(?:aws:(?:principalorgid|principalorgpaths|principalaccount|principalarn|sourcearn|sourceaccount|sourceorgid|sourceorgpaths|sourceowner|sourcevpc|sourcevpce|sourceip|userid|resourceorgid|vpcsourceip|vpceaccount|vpceorgid|vpceorgpaths)|kms:calleraccount|kms:viaservice|s3:dataaccesspoint(?:arn|account)|sts:externalid|lambda:functionurlauthtype|ec2:sourceinstancearn)$/;

const isTied = ({ key, operator, values }: Condition): boolean =>
  TIES.test(key) &&
  operator.name !== 'Null' &&
  !operator.ifExists &&
  operator.quantifier !== 'ForAllValues' &&
  !operator.name.includes('Not') &&
  values.every((value) => !isStar(value) && !/^(?:0\.0\.0\.0|::)\/0$/.test(value.text));

/** What passes a Deny of all others: the same condition without its negation. */
function positively(condition: Condition): Condition[] {
  const name = condition.operator.name.replace('Not', '') as Condition['operator']['name'];
  if (name === condition.operator.name) return [];
  return [{ ...condition, operator: { name, ifExists: false } }];
}

/** Everything, to whoever is known: those the policy names, and all who are tied by a condition of the policy. */
function knownPrincipals(policy: Policy, account: string | undefined): Policy {
  const named = policy.statements.flatMap(({ principals }) =>
    principals?.negated ? [] : (principals?.items ?? []),
  );
  const ofOne = (kind: Principal['kind']) => named.filter((principal) => principal.kind === kind);
  const accounts =
    account === undefined ? named.flatMap((principal) => accountOf(principal) ?? []) : [account];
  const written = {
    ...(accounts.length > 0 && { AWS: [...new Set(accounts)] }),
    ...(ofOne('service').length > 0 && {
      Service: ofOne('service').flatMap((principal) => ('name' in principal ? [principal.name] : [])),
    }),
    ...(ofOne('federated').length > 0 && {
      Federated: ofOne('federated').flatMap((principal) =>
        'provider' in principal ? [principal.provider] : [],
      ),
    }),
  };
  const base = { Effect: 'Allow', Action: '*', Resource: '*' };
  const everybody = ownPolicy([{ ...base, Principal: '*' }], 'resource').statements[0];
  const known =
    Object.keys(written).length > 0
      ? ownPolicy([{ ...base, Principal: written }], 'resource').statements
      : [];
  const tied = policy.statements.flatMap(({ effect, conditions }) =>
    (effect === 'Allow' ? conditions : conditions.flatMap(positively)).filter(isTied),
  );
  const statements = [
    ...known,
    ...tied.flatMap((condition) => (everybody ? [{ ...everybody, conditions: [condition] }] : [])),
  ];
  return { ...policy, statements };
}

export const t10OpenToOthers: Check = {
  id: 'T10',
  severity: 'high',
  title: 'open to others',
  why: 'Somebody outside of the account, or anybody, is allowed something: proved over all requests, with Deny statements and conditions counted.',
  remedy: 'Name who is meant, or tie it by aws:PrincipalOrgID, aws:SourceAccount or aws:SourceArn.',
  types: ['resource', 'trust'],
  *run({ policy, around: { account } }) {
    if (account !== undefined && isOwn(policy, account)) return;
    const reference = makeReference([[knownPrincipals(policy, account)]]);
    const answer = prove([[policy]], reference, { steps: STEPS });
    if (answer.verdict !== 'wider') return;
    const { principal, action, resource } = answer.request;
    const isTrust = policy.type === 'trust';
    yield {
      path: '',
      detail: `${nameOf(principal)} may do ${action}${isTrust ? '' : ` on ${resource}`}.`,
      request: answer.request,
    };
  },
};

/** Whether all who are allowed anything are named, and of the account: then there is nothing to prove. */
const isOwn = ({ statements }: Policy, account: string): boolean =>
  statements.every(
    ({ effect, principals }) =>
      effect === 'Deny' ||
      (principals?.negated === false &&
        principals.items.every((principal) => accountOf(principal) === account)),
  );

/** The account that a proof makes up for somebody whom nobody names. */
const MADE_UP = '210987654321';

/** Who stands in the request: of an account, which the proof fills in as it can, the account alone. */
function nameOf(principal = 'Somebody'): string {
  const accounts = [...principal.matchAll(/::(\d{12}):/g)].map(([, id]) => id);
  const named = accounts.find((id) => id !== MADE_UP);
  if (named !== undefined && accounts.length > 1) return `Somebody of account ${named}`;
  return accounts.includes(MADE_UP) ? 'Anybody' : principal;
}
