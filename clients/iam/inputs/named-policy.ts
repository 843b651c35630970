import type { Holder } from '../../../policy/check/check.ts';
import type { JsonNode } from '../../../policy/parse/json-node.ts';
import type { PolicyType } from '../../../policy/parse/policy-model.ts';

/** A policy that was found in what was given: a file of its own, or a part of a template or a plan. */
export type FoundPolicy = {
  /** The file; and of a part, the resource in it. */
  readonly name: string;
  readonly file: string;
  readonly type: PolicyType;
  readonly holder?: Holder;
  /** Who has it, where that is known: policies of the same principal are judged together. */
  readonly principal?: string;
  /** The text, where the policy is a file of its own: then findings have lines. */
  readonly text?: string;
  readonly root?: JsonNode;
  /** The deployments of a template in which it is there, where it is not in all of them. */
  readonly worlds?: Worlds;
};

/** Deployments of a template, by what its conditions are: those in which something is there, of all that there are. */
export type Worlds = { readonly there: readonly string[]; readonly all: readonly string[] };

/** What could not be read, and why: nothing is passed over in silence. */
export type Unread = { readonly file: string; readonly detail: string };
