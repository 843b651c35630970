import type { Principal } from '../../principal.ts';
import type { Issuer, IssuersConfig } from '../issuers.ts';
import { problemOfClaim } from './claim-names.ts';
import { type SignInEntry, wantedClaims } from './sign-in-entry.ts';

/** How an issuer that serves many customers names the one that a token is of. */
type Tenancy = {
  /** How a `sub` begins that names a tenant whole. */
  readonly subject: RegExp;
  /** Claims each of which names a tenant by itself. */
  readonly claims: readonly string[];
  readonly called: string;
};

/**
 * Issuers whose tokens everybody in the world can get: an entry that does not name the tenant would let them all in.
 * @see https://docs.github.com/actions/reference/security/oidc#oidc-token-claims
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload
 * @see https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens
 * @see https://buildkite.com/docs/pipelines/security/oidc
 */
const TENANCIES: Readonly<Record<string, Tenancy>> = {
  'token.actions.githubusercontent.com': {
    subject: /^repo:[^/:]+\/[^/:]+:/,
    claims: ['repository', 'repository_id'],
    called: 'its repository',
  },
  'gitlab.com': {
    subject: /^project_path:[^:]+:/,
    claims: ['project_path', 'project_id'],
    called: 'its project',
  },
  'app.terraform.io': {
    subject: /^organization:[^:]+:project:[^:]+:workspace:[^:]+:/,
    claims: ['terraform_workspace_id'],
    called: 'its workspace',
  },
  'agent.buildkite.com': {
    subject: /^organization:[^:]+:pipeline:[^:]+:/,
    claims: ['pipeline_id'],
    called: 'its pipeline',
  },
  'accounts.google.com': { subject: /^\d+$/, claims: [], called: 'the user, as its subject' },
};

/** A pattern ends where a part of the value does: `repo:bank/app*` would fit `repo:bank/app-of-another`. */
const ENDS_A_PART = /[:/]\*$/;

/** SPIFFE ids, as far as the trust domain and its first step. @see https://spiffe.io/docs/latest/spiffe-about/spiffe-concepts/ */
const SPIFFE_BEGINNING = /^spiffe:\/\/[a-z0-9._-]+\/[^/]+\//;

function problemOfWanted(name: string, wanted: string): string | undefined {
  if (!wanted.endsWith('*')) return undefined;
  if (!ENDS_A_PART.test(wanted)) return `claims.${name}: a pattern ends after a : or a /`;
  if (wanted.startsWith('spiffe:') && !SPIFFE_BEGINNING.test(wanted))
    return `claims.${name}: a pattern of SPIFFE ids names the trust domain and a first step`;
  return undefined;
}

function namesTenant(entry: SignInEntry, { subject, claims }: Tenancy): boolean {
  if ('subject' in entry) return subject.test(entry.subject);
  const wanted = wantedClaims(entry);
  const isExact = (name: string) => wanted[name]?.every((value) => !value.endsWith('*')) === true;
  return claims.some(isExact) || wanted.sub?.every((value) => subject.test(value)) === true;
}

function problemOfEntry(entry: SignInEntry, issuers: readonly Issuer[]): string | undefined {
  const issuer = issuers.find((listed) => listed.issuer === entry.issuer);
  if (!issuer?.signIn && !issuer?.gateway) return 'names an issuer that issuers.json lists for no signing in';
  for (const [name, wanted] of Object.entries(wantedClaims(entry))) {
    const unusable = problemOfClaim(name);
    if (unusable) return `claims.${name} ${unusable}`;
    if (name !== 'sub' && !issuer.claims.includes(name))
      return `claims.${name} is not among the claims that issuers.json lists of its issuer`;
    const unsafe = wanted.map((value) => problemOfWanted(name, value)).find((each) => each !== undefined);
    if (unsafe) return unsafe;
  }
  const tenancy = TENANCIES[new URL(entry.issuer).hostname];
  if (tenancy && !namesTenant(entry, tenancy))
    return `does not name ${tenancy.called}: its issuer serves others too`;
  return undefined;
}

/**
 * Why a principal could not, or must not, sign in as its entries say; undefined where all are well. Says how it
 * should be, and repeats no value.
 */
export function problemOfSignIn(
  { signIn = [] }: Pick<Principal, 'signIn'>,
  { issuers }: Pick<IssuersConfig, 'issuers'>,
): string | undefined {
  for (const [index, entry] of signIn.entries()) {
    const problem = problemOfEntry(entry, issuers);
    if (problem) return `signIn[${index}] ${problem}`;
  }
  return undefined;
}
