declare module 'dynalite/db/conditionParser.js' {
  /** An attribute path, a typed value, or a function or comparison of them. */
  export type Operand = string[] | Record<string, unknown>;
  export type Expression = { type: string; args: (Operand | Expression)[] };

  const parser: {
    parse(
      text: string,
      options: {
        context: {
          attrNames: Record<string, string>;
          attrVals: Record<string, unknown>;
          unusedAttrNames: Record<string, boolean>;
          unusedAttrVals: Record<string, boolean>;
          isReserved(name: string): boolean;
          isKeyCondition: boolean;
        };
      },
    ): { expression: Expression };
  };
  export default parser;
}
