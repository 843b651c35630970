/** A shape of a botocore model, as far as it is read. */
export type Shape = {
  readonly type: string;
  readonly document?: boolean;
  readonly members?: Readonly<Record<string, MemberShape>>;
  readonly required?: readonly string[];
  readonly payload?: string;
  readonly member?: MemberShape;
  readonly key?: MemberShape;
  readonly value?: MemberShape;
  readonly sensitive?: boolean;
  readonly streaming?: boolean;
  readonly eventstream?: boolean;
  readonly flattened?: boolean;
};
export type MemberShape = {
  readonly shape: string;
  readonly location?: string;
  readonly locationName?: string;
  readonly queryName?: string;
  readonly idempotencyToken?: boolean;
  readonly streaming?: boolean;
  readonly flattened?: boolean;
  readonly sensitive?: boolean;
  readonly xmlAttribute?: boolean;
};
export type ModelOperation = {
  readonly http?: { readonly method?: string; readonly requestUri?: string };
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string };
  readonly endpoint?: { readonly hostPrefix?: string };
  readonly authtype?: string;
  readonly auth?: readonly string[];
};
export type Model = {
  readonly metadata: {
    readonly apiVersion: string;
    readonly endpointPrefix: string;
    readonly protocol?: string;
    readonly protocols?: readonly string[];
    readonly signingName?: string;
    readonly targetPrefix?: string;
    readonly xmlNamespace?: string;
  };
  readonly operations: Readonly<Record<string, ModelOperation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
};

/** The letter of each type without members. */
export const KINDS: Readonly<Record<string, string>> = {
  string: 's',
  character: 's',
  integer: 'i',
  long: 'i',
  float: 'f',
  double: 'f',
  timestamp: 't',
  boolean: 'b',
  blob: 'x',
};

export const shapeOf = ({ shapes }: Model, name: string): Shape => {
  const shape = shapes[name];
  if (!shape) throw new Error(`the model has no shape ${name}`);
  return shape;
};
