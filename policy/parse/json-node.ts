import type { Position } from './policy-model.ts';

/** JSON that still knows where it stood, and every key of an object, also one that stands there twice. */
export type JsonNode = { readonly position?: Position } & (
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
);

export type JsonMember = {
  readonly key: string;
  readonly keyPosition?: Position;
  readonly value: JsonNode;
};

/** The part of an element that says where it stands, as an object to spread. */
export const placed = (position: Position | undefined): { readonly position?: Position } =>
  position === undefined ? {} : { position };
