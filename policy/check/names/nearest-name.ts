/** How many letters have to be changed, put in or taken out to make one text the other. */
function distance(first: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, nth) => nth);
  for (let i = 1; i <= first.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (first[i - 1] === other[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[other.length] ?? 0;
}

/** The name that differs from a text by the fewest letters, without case; undefined where all differ by many. */
export function nearestName(text: string, names: readonly string[]): string | undefined {
  const most = Math.max(1, Math.floor(text.length / 5));
  let best: { name: string; letters: number } | undefined;
  for (const name of names) {
    if (Math.abs(name.length - text.length) > most) continue;
    const letters = distance(text.toLowerCase(), name.toLowerCase());
    if (letters <= most && letters < (best?.letters ?? Number.POSITIVE_INFINITY)) best = { name, letters };
  }
  return best?.name;
}
