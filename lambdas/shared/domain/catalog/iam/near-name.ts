/** The most edits at which a name is still suggested for another. */
const MOST_EDITS = 4;

/** How many characters have to be put in, taken out or changed to make a text of another, in any case. */
function editsBetween(written: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, character] of [...written].entries()) {
    const next = [row + 1];
    for (const [column, against] of [...other].entries()) {
      const changed = (before[column] ?? 0) + (character === against ? 0 : 1);
      next.push(Math.min(changed, (before[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    before = next;
  }
  return before.at(-1) ?? 0;
}

/** The name that somebody may have meant, of those that there are; undefined where none is near. */
export function nearName(written: string, names: readonly string[]): string | undefined {
  const wanted = written.toLowerCase();
  let best: string | undefined;
  let fewest = Math.min(MOST_EDITS, Math.floor(written.length / 2)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - written.length) >= fewest) continue;
    const edits = editsBetween(wanted, name.toLowerCase());
    if (edits < fewest) [best, fewest] = [name, edits];
  }
  return best;
}

/** `; did you mean …?`, or nothing. */
export function didYouMean(written: string, names: readonly string[], prefix = ''): string {
  const near = nearName(written, names);
  return near === undefined ? '' : `; did you mean ${prefix}${near}?`;
}
