import { ROLE_TAKERS } from '../data/service-principals.ts';

/** Who may assume a role. */
export type Assumer =
  /** Nobody: the policy is attached to what there is. */
  | { readonly kind: 'none' }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'arn'; readonly arn: string; readonly account: string; readonly isUser: boolean }
  | { readonly kind: 'github'; readonly subject: string };

/** An account's role or user, by its whole ARN. */
const PRINCIPAL = /^arn:aws(?:-[a-z]+)*:iam::(\d{12}):(role|user)\/[\w+=,.@/-]{1,512}$/;
/** A repository, and which of its jobs: a branch, a tag, or an environment. */
const GITHUB =
  /^github:([\w-]{1,39}\/[\w.-]{1,100}):(ref:refs\/(?:heads|tags)\/[\w./-]{1,200}|environment:[\w.-]{1,200}|pull_request)$/;

export const ASSUMER_EXAMPLES = [
  'none',
  'service:lambda',
  'arn:aws:iam::123456789012:role/deployer',
  '123456789012',
  'github:org/repository:ref:refs/heads/main',
];

/** Who is meant by an answer; undefined where it is none of the forms. */
export function readAssumer(answer: string): Assumer | undefined {
  if (answer === 'none') return { kind: 'none' };
  if (/^\d{12}$/.test(answer)) return { kind: 'account', account: answer };
  const [, service] = /^service:([a-z0-9.-]+?)(?:\.amazonaws\.com(?:\.cn)?)?$/.exec(answer) ?? [];
  if (service !== undefined) return ROLE_TAKERS.has(service) ? { kind: 'service', service } : undefined;
  const [, repository, job] = GITHUB.exec(answer) ?? [];
  if (repository !== undefined) return { kind: 'github', subject: `repo:${repository}:${job}` };
  const [, account, kind] = PRINCIPAL.exec(answer) ?? [];
  return account === undefined ? undefined : { kind: 'arn', arn: answer, account, isUser: kind === 'user' };
}

/** The account that an assumer is of, where it is one of an account. */
export const accountOfAssumer = (assumer: Assumer): string | undefined =>
  assumer.kind === 'account' || assumer.kind === 'arn' ? assumer.account : undefined;
