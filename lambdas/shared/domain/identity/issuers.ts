import * as z from 'zod';
import { problemOfClaim } from './sign-in/claim-names.ts';
import type { SubjectIssuers } from './subject-issuers.ts';

/** What a token may be for. A token for one of them is none for another. */
export const PURPOSES = ['signIn', 'gateway', 'subjects'] as const;
export type Purpose = (typeof PURPOSES)[number];

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Keys are only believed over TLS, or from this machine. */
export function isTrustworthy(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}

const trustedUrl = z.url().max(256).refine(isTrustworthy, 'is not reached over https');
const names = z.array(z.string().min(1).max(256)).min(1).max(10);

/** Whom tokens of one purpose are made for: their audiences, and the clients of access tokens that name no audience. */
const madeForSchema = z
  .strictObject({ audiences: names.optional(), clients: names.optional() })
  .refine(({ audiences, clients }) => audiences ?? clients, 'names neither audiences nor clients');

/** An OIDC issuer, and what its tokens are taken for. A purpose that is absent is none that they have. */
export const issuerSchema = z.strictObject({
  /** In addresses: `/github/requests`. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'a name: a-z, 0-9 and -'),
  issuer: trustedUrl,
  signIn: madeForSchema.optional(),
  gateway: madeForSchema.optional(),
  subjects: madeForSchema.optional(),
  /** Claims that this issuer sets by itself, and that principals may be known by; `sub` always is one. */
  claims: z.array(z.string()).max(10).default([]),
  /** Clients whose tokens only ask and read: those of the device flow, which anybody can be talked into confirming. */
  askOnlyClients: names.optional(),
  /** Clients of consoles: their tokens claim no keys, but an address that signs in to the AWS console. */
  consoleClients: names.optional(),
  /** The SPIFFE trust domain whose JWT-SVIDs it signs; they need not say who issued them. */
  trustDomain: z
    .string()
    .regex(/^[a-z0-9._-]{1,255}$/)
    .optional(),
  /** Other issuers whose subjects its tokens may name as the actor (`act.iss`, RFC 8693). */
  vouchesFor: z.array(trustedUrl).max(10).default([]),
});
export type Issuer = z.infer<typeof issuerSchema>;

const madeForNames = (issuer: Issuer, purpose: Purpose): string[] => [
  ...(issuer[purpose]?.audiences ?? []).map((name) => `audience ${name}`),
  ...(issuer[purpose]?.clients ?? []).map((name) => `client ${name}`),
];

const firstTwice = (values: readonly string[]) =>
  values.find((value, position) => values.indexOf(value) !== position);

/** Which issuers a deployment takes tokens of: `config/issuers.json`. Each audience has one purpose. */
export const issuersConfigSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1),
    issuers: z.array(issuerSchema).max(10),
  })
  .superRefine(({ issuers }, { addIssue }) => {
    const twice =
      firstTwice(issuers.map(({ name }) => name)) ??
      firstTwice(issuers.map(({ issuer }) => issuer)) ??
      firstTwice(issuers.flatMap(({ trustDomain }) => trustDomain ?? []));
    if (twice) addIssue({ code: 'custom', path: ['issuers'], message: `${twice} is there twice` });
    for (const [index, issuer] of issuers.entries()) {
      const shared = firstTwice(PURPOSES.flatMap((purpose) => madeForNames(issuer, purpose)));
      if (shared)
        addIssue({ code: 'custom', path: ['issuers', index], message: `the ${shared} has two purposes` });
      for (const claim of issuer.claims) {
        const problem = problemOfClaim(claim);
        if (problem)
          addIssue({ code: 'custom', path: ['issuers', index, 'claims'], message: `${claim} ${problem}` });
      }
    }
  });
export type IssuersConfig = z.infer<typeof issuersConfigSchema>;

/** Whose subject tokens are taken; undefined where no issuer is listed at all, which leaves it to the principals. */
export function takenSubjects({ issuers }: IssuersConfig): SubjectIssuers | undefined {
  if (issuers.length === 0) return undefined;
  return issuers.flatMap(({ issuer, subjects }) => {
    if (!subjects) return [];
    const { audiences = [], clients } = subjects;
    return [{ issuer, audiences, ...(clients && { clients }) }];
  });
}
