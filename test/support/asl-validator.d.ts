declare module 'asl-validator' {
  type Result = { isValid: boolean; errors: unknown[]; errorsText(separator?: string): string };
  export default function validate(
    definition: unknown,
    options?: { checkPaths?: boolean; checkArn?: boolean },
  ): Result;
}
