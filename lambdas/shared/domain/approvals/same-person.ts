/** Letters that look alike to whoever types them, wide ones and capitals, are the same. */
const plain = (person: string): string => person.normalize('NFKC').trim().toLowerCase();

/**
 * Whether one of these persons is one of those: `Jane@bank.example`, whom people wrote, is `jane@bank.example`, whom the
 * directory wrote. Whom it takes for the same too easily may vote too little, never too much.
 */
export function sharePerson(some: readonly string[], others: readonly string[]): boolean {
  const known = new Set(others.map(plain));
  return some.some((person) => known.has(plain(person)));
}
