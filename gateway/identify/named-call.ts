import type { RawRequest } from '../wire/raw-request.ts';
import type { Operation, Service } from './read-models.ts';

export type WireProtocol = 'json' | 'query' | 'ec2' | 'rest-json' | 'rest-xml' | 'smithy-rpc-v2-cbor';

/** What a call is about, in IAM's terms. Unknown: there is something, and it could not be told what. */
export type Resource =
  | { readonly kind: 'known'; readonly arn: string }
  | { readonly kind: 'none' }
  /** `named`: all that is known of it, for people to read. Of IAM's the path is missing. */
  | { readonly kind: 'unknown'; readonly named?: string };

/** An IAM action on one resource: a call has as many as it needs, and every one of them must be allowed. */
export type Need = { readonly action: string; readonly resource: Resource };

/** A call with its service, operation and parameters told. */
export type NamedCall = {
  readonly service: Service;
  readonly operation: Operation;
  readonly protocol: WireProtocol;
  readonly parameters: Readonly<Record<string, unknown>>;
};

export type NotNamed = { readonly notNamed: string };

/** A verified request, with as much of its body as could be read; undefined of one that streams. */
export type CallToName = {
  readonly request: RawRequest;
  readonly body: Uint8Array | undefined;
  /** The service's name in the signature. */
  readonly signingName: string;
  /** The bucket, where it stands in the host's name. */
  readonly bucketInHost?: string | undefined;
};
