import type { Stack } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Grant, Resources } from '../../grants/grant.ts';
import type { Settings } from '../../settings.ts';
import type { OutgoingEvents } from '../storage/outgoing-events.ts';
import type { Tables } from '../storage/tables.ts';

/** Where events come from. */
export type EventSources = {
  readonly tables: Tables;
  readonly outgoing: OutgoingEvents;
  readonly settings: Settings;
  /** The workflow of requests. */
  readonly requestsMachine: IStateMachine;
  /** Tells the status of each request. */
  readonly statusBus: EventBus;
  /** Watches how the brokered roles are assumed. */
  readonly brokeredWatch: Construct;
};

/** What a function needs to be called by events. */
export type EventWiring = EventSources & {
  /** What the rules and the readers of streams are made in: their paths, and so their ids, begin there. */
  readonly stack: Stack;
  readonly target: IFunction;
  /** Where events go that could not be handled. */
  readonly undelivered: IQueue;
};

/** `METHOD /path` of the API: DESIGN §5. */
export type Route = `${'GET' | 'POST'} /${string}`;

type Routes = { readonly signed: readonly Route[]; readonly unsigned: readonly Route[] };

/** What one function is. All that is true of it alone is in its file, `infra/functions/<name>.ts`, or in `events/` there. */
export type FunctionSpec = {
  /** Its handler, from the root of the repository. */
  readonly entry: string;
  readonly memoryMegabytes: number;
  /** Shorter than the state, or the API, that waits for it. */
  readonly timeoutSeconds: number;
  /**
   * Who invokes it, which says where its failures show. Whoever waits for an answer (a state, a caller of the API)
   * sees them; a rule does not, so its events are kept in the dead-letter queue; the reader of a stream keeps them
   * by itself, and a queue has dead letters of its own.
   */
  readonly invokedBy: 'state' | 'api' | 'rule' | 'stream' | 'queue' | 'operator';
  /** Its permissions, and the variables that go with them. No two functions share a role. */
  readonly grants: (on: Resources) => readonly Grant[];
  /** Variables that no grant brings. */
  readonly variables?: (on: Resources) => Readonly<Record<string, string>>;
  /** Simultaneous runs kept for it, and its most. */
  readonly reservedConcurrency?: (settings: Settings) => number | undefined;
  /** The calls of the API that it answers: signed with SigV4, or open to anybody. */
  readonly routes?: Routes | undefined;
  /** The same, of the API for callers with tokens: DESIGN §11. */
  readonly tokenRoutes?: Routes | undefined;
  /** Makes the rules and the readers of streams that call it. */
  readonly events?: (wiring: EventWiring) => void;
};
