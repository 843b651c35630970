import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { digestOf } from '../../domain/digest.ts';
import { fitsEntry, signsInAs, type TokenClaims } from '../../domain/identity/sign-in/match-sign-in.ts';
import { signInEntrySchema } from '../../domain/identity/sign-in/sign-in-entry.ts';
import { type Principal, principalIdSchema } from '../../domain/principal.ts';
import { callAws, tryWrite } from '../runtime/call-aws.ts';

const lookupSchema = z.object({ arn: z.string().min(1), principalId: principalIdSchema });

/** Keys whose principal is remembered. */
const MOST_HINTS = 1_000;

/** The lookup key of a Slack user. */
const slackKey = (slackUserId: string) => `slack:${slackUserId}`;

/** The lookup key of an issuer's subject. No issuer's address holds a space. */
const subjectKey = (issuer: string, subject: string) => `subject:${issuer} ${digestOf(subject)}`;

/** The lookup keys a principal should have: its AWS principals, its Slack user, and the subjects it signs in as. */
function lookupKeysOf({ awsPrincipals, slackUserId, signIn = [] }: Principal): string[] {
  return [
    ...awsPrincipals,
    ...(slackUserId ? [slackKey(slackUserId)] : []),
    ...signIn.flatMap((entry) => ('subject' in entry ? [subjectKey(entry.issuer, entry.subject)] : [])),
  ];
}

/** Where the entries by claims of one issuer are, all principals' together: whose they are is not in a token. */
const claimsKey = (issuer: string) => `claims:${issuer}`;

/** One such entry: an attribute of its own, so that two who write do not write over each other. */
const claimsEntrySchema = z.object({ principalId: principalIdSchema, entry: signInEntrySchema });
type ClaimsEntry = { readonly key: string; readonly attribute: string; readonly value: string };

const claimsEntriesOf = ({ id, signIn = [] }: Principal): ClaimsEntry[] =>
  signIn
    .filter((entry) => 'claims' in entry)
    .map((entry) => ({
      key: claimsKey(entry.issuer),
      attribute: `${id}#${digestOf(entry)}`,
      value: JSON.stringify({ principalId: id, entry }),
    }));

/** Whose entries, of an item of them, a token fits. */
function idsFitting(item: Readonly<Record<string, unknown>>, token: TokenClaims): string[] {
  return Object.entries(item).flatMap(([name, value]) => {
    if (name === 'arn' || typeof value !== 'string') return [];
    const parsed = claimsEntrySchema.safeParse(JSON.parse(value));
    return parsed.success && fitsEntry(parsed.data.entry, token) ? [parsed.data.principalId] : [];
  });
}

/**
 * From what a principal calls with (an IAM ARN, a Slack user) to the principal.
 * INVARIANT: a lookup is only a hint. The principal it leads to must itself list the ARN or the Slack user,
 * so that a lookup left behind by an older version can never widen anything.
 */
export function makePrincipalLookups(deps: {
  client: DynamoDBDocumentClient;
  tableName: string;
  principals: { get(id: string): Promise<Principal | undefined> };
}) {
  const { client, tableName: TableName, principals } = deps;

  async function read(key: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await callAws('principal lookups table', () =>
      client.send(new GetCommand({ TableName, Key: { arn: key }, ConsistentRead: true })),
    );
    return Item;
  }

  /** Whom a key led to last: looked at first, and believed no more than any lookup is. */
  const hints = new Map<string, string>();

  async function principalWith(key: string, principalId: string): Promise<Principal | undefined> {
    const principal = await principals.get(principalId);
    return principal && lookupKeysOf(principal).includes(key) ? principal : undefined;
  }

  async function find(key: string): Promise<Principal | undefined> {
    const hint = hints.get(key);
    const hinted = hint === undefined ? undefined : await principalWith(key, hint);
    if (hinted) return hinted;
    hints.delete(key);
    const lookup = lookupSchema.safeParse(await read(key));
    if (!lookup.success) return undefined;
    const { principalId } = lookup.data;
    const found = await principalWith(key, principalId);
    if (hints.size >= MOST_HINTS) hints.clear();
    if (found) hints.set(key, principalId);
    return found;
  }

  /** Points a lookup at a principal, unless it points at another already: then false. */
  async function point(key: string, principalId: string): Promise<boolean> {
    const Item = lookupSchema.parse({ arn: key, principalId });
    return tryWrite('principal lookups table', () =>
      client.send(
        new PutCommand({
          TableName,
          Item,
          ConditionExpression: 'attribute_not_exists(arn) OR principalId = :id',
          ExpressionAttributeValues: { ':id': principalId },
        }),
      ),
    );
  }

  /** Removes a lookup that points at this principal; one that points elsewhere stays. */
  const remove = (key: string, principalId: string): Promise<boolean> =>
    tryWrite('principal lookups table', () =>
      client.send(
        new DeleteCommand({
          TableName,
          Key: { arn: key },
          ConditionExpression: 'principalId = :id',
          ExpressionAttributeValues: { ':id': principalId },
        }),
      ),
    );

  /** Writes an entry by claims; any number of principals may have theirs in one item. */
  const addEntry = ({ key, attribute, value }: ClaimsEntry): Promise<unknown> =>
    callAws('principal lookups table', () =>
      client.send(
        new UpdateCommand({
          TableName,
          Key: { arn: key },
          UpdateExpression: 'SET #entry = :value',
          ExpressionAttributeNames: { '#entry': attribute },
          ExpressionAttributeValues: { ':value': value },
        }),
      ),
    );

  const removeEntry = ({ key, attribute }: ClaimsEntry): Promise<unknown> =>
    callAws('principal lookups table', () =>
      client.send(
        new UpdateCommand({
          TableName,
          Key: { arn: key },
          UpdateExpression: 'REMOVE #entry',
          ExpressionAttributeNames: { '#entry': attribute },
        }),
      ),
    );

  return {
    /** The principals who sign in by a token of these claims: one, where all is as it should be. */
    async findBySignIn(token: TokenClaims): Promise<Principal[]> {
      const { issuer, claims } = token;
      const [bySubject, entries] = await Promise.all([
        typeof claims.sub === 'string' ? find(subjectKey(issuer, claims.sub)) : undefined,
        read(claimsKey(issuer)),
      ]);
      const ids = new Set(idsFitting(entries ?? {}, token));
      if (bySubject) ids.delete(bySubject.id);
      const byClaims = await Promise.all([...ids].map((id) => principals.get(id)));
      return [bySubject, ...byClaims].filter(
        (found) => found !== undefined && signsInAs(found, token),
      ) as Principal[];
    },

    /** The principal that calls with this IAM user or role ARN, in its registered form. */
    findByAwsArn: (arn: string): Promise<Principal | undefined> => find(arn),

    findBySlackUser: (slackUserId: string): Promise<Principal | undefined> => find(slackKey(slackUserId)),

    /** Points what a principal calls with at it. False where any of it points at another already. */
    async claim(principal: Principal): Promise<boolean> {
      const written = await Promise.all(lookupKeysOf(principal).map((key) => point(key, principal.id)));
      await Promise.all(claimsEntriesOf(principal).map(addEntry));
      return !written.includes(false);
    },

    /** Deletes the look-ups that these versions of a principal had and the current one lacks. */
    async release(versions: readonly Principal[], current: Principal | undefined): Promise<void> {
      const inUse = new Set(current ? lookupKeysOf(current) : []);
      const currentEntries = new Set(
        current ? claimsEntriesOf(current).map(({ attribute }) => attribute) : [],
      );
      await Promise.all(
        versions.flatMap((version) => [
          ...lookupKeysOf(version)
            .filter((key) => !inUse.has(key))
            .map((key) => remove(key, version.id)),
          ...claimsEntriesOf(version)
            .filter(({ attribute }) => !currentEntries.has(attribute))
            .map(removeEntry),
        ]),
      );
    },
  };
}
export type PrincipalLookups = ReturnType<typeof makePrincipalLookups>;
