import type { z } from 'zod';
import type { Subject } from '../domain/access-request.ts';
import type { Delegation } from '../domain/identity/delegation.ts';
import type { Principal } from '../domain/principal.ts';
import type { ProblemCode } from './problems.ts';

/** That a principal came to a gateway with an OIDC token, and to which. */
export type WebIdentity = { readonly gatewayRoleArn: string };

/** One call, once its caller is known and its parts are parsed. */
export type Call<Query = unknown, Body = unknown> = {
  readonly caller: Principal;
  /** The path's `{id}`; empty where the path has none. */
  readonly id: string;
  /** The path's `{item}`; absent where the path has none. */
  readonly item?: string;
  readonly query: Query;
  readonly body: Body;
  readonly subjectToken?: string;
  readonly idempotencyKey?: string;
  /** By which a gateway calls for the caller; absent where the caller signed the call itself. */
  readonly delegation?: Delegation;
  /** Digest of what was signed, and when: see signing-digest.ts. Absent where no header says when. */
  readonly signingDigest?: string;
  /** The user for whom the caller acts, where its own token says so; then no other subject token counts. */
  readonly actsFor?: Subject;
  /** The caller's token only asks and reads. */
  readonly onlyAsks?: true;
  /** The caller's token is a console's: it claims no keys. */
  readonly redirectOnly?: true;
  /** Whose token the caller brought; absent on a signed call. */
  readonly tokenOf?: Subject;
  /** What stands before the API's own paths, e.g. `/prod`: links begin with it. */
  readonly basePath: string;
  /** By whose token a gateway calls for the caller; absent where the caller signed the call itself. */
  readonly webIdentity?: WebIdentity;
  /** When the answer must be under way; API Gateway gives up at 29 s. */
  readonly deadline: Date;
};

export type Answer = {
  readonly status: 200 | 202;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What the API document says of an operation. */
export type OperationSpec = {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly signed: boolean;
  /** What the path's `{id}` is; a request's id unless told. */
  readonly pathId?: { readonly schema: z.ZodType; readonly description: string };
  /** What the path's `{item}` is. */
  readonly pathItem?: { readonly schema: z.ZodType; readonly description: string };
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Bytes; where the body may be larger than the usual 16 kB. */
  readonly maxBodyBytes?: number;
  /** Tokens of the device flow may do it too: it asks or reads, and neither hands over nor decides. */
  readonly onlyAsks?: boolean;
  /** It answers keys, or what becomes some: a console's token never does it. */
  readonly handsOver?: true;
  readonly readsSubjectToken?: boolean;
  readonly readsIdempotencyKey?: boolean;
  /** A gateway may call it for a principal. */
  readonly readsDelegation?: boolean;
  /** A gateway may call it for whoever signed in there with an OIDC token. */
  readonly readsWebIdentity?: boolean;
  readonly answers: Readonly<Record<number, { readonly description: string; readonly schema: z.ZodType }>>;
  /** Codes beyond those that any operation may answer. */
  readonly problems: readonly ProblemCode[];
};

/** An operation the API serves. `run` is given a call parsed by the operation's own schemas. */
export type Operation<Ports> = OperationSpec & {
  readonly run: (call: Call, ports: Ports) => Promise<Answer>;
};

/** An operation that needs no caller. */
export type OpenOperation = OperationSpec & { readonly signed: false; readonly answer: () => Answer };

/** Types an operation's `run` by its schemas. The server parses with exactly those before it calls it. */
export function operation<Ports, Query extends z.ZodObject, Body extends z.ZodType>(
  definition: Omit<OperationSpec, 'query' | 'body' | 'signed'> & {
    readonly query: Query;
    readonly body: Body;
    readonly run: (call: Call<z.output<Query>, z.output<Body>>, ports: Ports) => Promise<Answer>;
  },
): Operation<Ports> {
  return {
    ...definition,
    signed: true,
    run: (call, ports) => definition.run(call as Call<z.output<Query>, z.output<Body>>, ports),
  };
}
