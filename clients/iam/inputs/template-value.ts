/** A value of a template: JSON, in which an object of one key may be a function. */
export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | readonly TemplateValue[]
  | { readonly [key: string]: TemplateValue };

export type TemplateResource = {
  readonly Type?: string;
  /** It is deployed where this holds. */
  readonly Condition?: string;
  readonly Properties?: { readonly [key: string]: TemplateValue };
};

/** What a template's conditions come to in one of its deployments. */
export type World = ReadonlyMap<string, boolean>;
