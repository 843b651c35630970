/** How policies can be written. */
export const FORMATS = ['text', 'json', 'cdk', 'terraform', 'cloudformation'] as const;
export type Format = (typeof FORMATS)[number];

export type Options = {
  readonly answer: readonly string[];
  readonly intent?: string;
  readonly refine?: string;
  readonly format: Format;
  readonly asCatalog?: string;
  readonly offline?: boolean;
};
