export type PartiqlStatement = { readonly action: string; readonly table: string; readonly index?: string };

const TOKEN =
  /\s+|'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_][\w.$-]*|\d[\w.+-]*|<>|[<>=!]=|<<|>>|[()[\]{}.,:?*=<>+\-/|]/y;
const NAME = /^(?:"([A-Za-z0-9_.-]{3,255})"|([A-Za-z_][A-Za-z0-9_.-]{2,254}))$/;

/** Words that name a table, or begin a part of a statement in which one could stand. */
const OF_TABLES = new Set(['from', 'into', 'update', 'select', 'insert', 'delete', 'join', 'union']);

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [token] = TOKEN.exec(text) ?? [];
    // Comments, semicolons and whatever else is not known: not understood.
    if (token === undefined || token === '') return undefined;
    if (token.trim() !== '') tokens.push(token);
  }
  return tokens;
}

const nameOf = (token: string | undefined): string | undefined => {
  const [, quoted, bare] = NAME.exec(token ?? '') ?? [];
  return quoted ?? bare;
};

/** A table, and its index, from where they are named. */
function namedAt(tokens: readonly string[], place: number): Omit<PartiqlStatement, 'action'> | undefined {
  const table = nameOf(tokens[place]);
  if (table === undefined) return undefined;
  if (tokens[place + 1] !== '.') return { table };
  const index = nameOf(tokens[place + 2]);
  return index === undefined ? undefined : { table, index };
}

/**
 * The one table that a PartiQL statement reads or writes. Undefined where it is not plainly one: a statement within a
 * statement, a comment, a word of tables where none belongs.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
 */
export function readPartiql(statement: unknown): PartiqlStatement | undefined {
  if (typeof statement !== 'string' || statement.length > 8192) return undefined;
  const tokens = tokensOf(statement);
  const [verb = ''] = tokens ?? [];
  if (!tokens) return undefined;
  const words = tokens.map((token, place) => ({ word: token.toLowerCase(), place }));
  const ofTables = words.filter(({ word }) => OF_TABLES.has(word));
  const expected: Readonly<Record<string, readonly string[]>> = {
    select: ['select', 'from'],
    insert: ['insert', 'into'],
    update: ['update'],
    delete: ['delete', 'from'],
  };
  const form = Object.hasOwn(expected, verb.toLowerCase()) ? expected[verb.toLowerCase()] : undefined;
  if (!form || ofTables.map(({ word }) => word).join() !== form.join()) return undefined;
  const found = namedAt(tokens, (ofTables.at(-1)?.place ?? 0) + 1);
  const action = `${verb.charAt(0).toUpperCase()}${verb.slice(1).toLowerCase()}`;
  return found && { action: `dynamodb:PartiQL${action}`, ...found };
}
