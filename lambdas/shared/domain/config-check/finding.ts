/** Something that is wrong, or doubtful, in a file of the configuration; it says what to write instead. */
export type Finding = {
  /** An error stops; a doubt is told, and what it is about works. */
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly line?: number | undefined;
  readonly problem: string;
};

/** A finding in one line, as compilers write theirs. */
export const inOneLine = ({ severity, file, line, problem }: Finding): string =>
  `${severity}: ${file}${line === undefined ? '' : `:${line}`}: ${problem}`;
