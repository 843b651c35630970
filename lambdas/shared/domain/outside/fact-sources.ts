import * as z from 'zod';

/** What can be stated from outside. Each is about one kind of thing: see outside-fact.ts. */
export const factNameSchema = z.enum(['onCall', 'openReference', 'incident']);
export type FactName = z.infer<typeof factNameSchema>;

const kid = z.string().min(1).max(100);

/** The public half of a source's key. A private one is refused: nobody but the source has it. */
const sourceKeySchema = z.union([
  z.strictObject({ kid, kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.base64url().length(43) }),
  z.strictObject({
    kid,
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: z.base64url().length(43),
    y: z.base64url().length(43),
  }),
]);
export type SourceKey = z.infer<typeof sourceKeySchema>;

/** A name, or what names begin with: `OPS-*`. */
const patternSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,62}\*?$|^\*$/, 'a name, or the beginning of names and a *');

const statesSchema = z.strictObject({
  fact: factNameSchema,
  /** Rotas, references or incidents that it may speak of. */
  values: z.array(patternSchema).min(1).max(50),
  /** The longest that one of them lasts. */
  longestSeconds: z.number().int().min(60).max(604_800),
});

const sourceSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,31}$/, 'a name: a-z, 0-9 and -'),
  /** Those in use: two while one takes the place of another. */
  keys: z.array(sourceKeySchema).min(1).max(4),
  states: z.array(statesSchema).min(1).max(10),
});
export type FactSource = z.infer<typeof sourceSchema>;

const isUnique = (values: readonly string[]) => new Set(values).size === values.length;

/** `config/facts.json`: who outside may state what, and by which keys they are known. */
export const factSourcesSchema = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1),
    /** What facts must be made for (`aud`): those of another deployment are none here. */
    audience: z.string().min(1).max(256),
    sources: z.array(sourceSchema).max(20),
  })
  .refine(({ sources }) => isUnique(sources.map(({ id }) => id)), {
    message: 'ids must be unique',
    path: ['sources'],
  })
  .refine(({ sources }) => sources.every(({ keys }) => isUnique(keys.map((key) => key.kid))), {
    message: 'each key of a source needs a kid of its own',
    path: ['sources'],
  })
  .refine(({ sources }) => sources.every(({ states }) => isUnique(states.map(({ fact }) => fact))), {
    message: 'a source states each kind of fact once',
    path: ['sources'],
  });
export type FactSources = z.infer<typeof factSourcesSchema>;

/** Whether a name is one of those that a source may speak of. */
export const isNamedBy = (patterns: readonly string[], name: string): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name,
  );
