/** One line of a figure's table: what was measured, and its columns. */
export type Row = { readonly what: string } & Readonly<Record<string, string | number>>;

/** Tells how far a figure is, on standard error. */
export type Say = (line: string) => void;

/** `short` is as much as a test needs to see that a figure can be taken and what it measures is right. */
export type Size = 'whole' | 'short';

/** Takes one figure, which leaves nothing running, and answers its table. Throws where what it measures is not right. */
export type TakeFigure = (say: Say, size: Size) => Promise<readonly Row[]>;
