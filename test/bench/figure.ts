/** One line of a figure's table: what was measured, and its columns. */
export type Row = { readonly what: string } & Readonly<Record<string, string | number>>;

/** Tells how far a figure is, on standard error. */
export type Say = (line: string) => void;

/** Takes one figure, which leaves nothing running, and answers its table. Throws where what it measures is not right. */
export type TakeFigure = (say: Say) => Promise<readonly Row[]>;
