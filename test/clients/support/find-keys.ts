/** A key of AWS's: what it is known by, and what opens something. */
export type MintedKey = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** A text, and where it was seen. */
export type Captured = { readonly where: string; readonly text: string };

/** The middle of a text's base64 wherever in a longer text it stood: three forms, by what came before. */
const encodedForms = (text: string): string[] =>
  [0, 1, 2].map((before) => {
    const encoded = Buffer.from('x'.repeat(before) + text).toString('base64');
    return encoded.slice(before === 0 ? 0 : 4, -4);
  });

/** The ways in which a text is written: as it is, in URLs, with JSON's slashes, in base64 of both alphabets. */
function formsOf(text: string): string[] {
  const encoded = encodedForms(text);
  return [
    ...[text, encodeURIComponent(text), text.replaceAll('/', '\\/'), ...encoded],
    ...encoded.map((each) => each.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

const LOOKS_LIKE_A_KEY = /\bA(?:KIA|SIA)[A-Z2-7]{16}\b/;

/** Where keys that AWS would take stand: of those that were minted, in whichever form, or of their look. */
export function findKeys(captured: readonly Captured[], minted: readonly MintedKey[]): string[] {
  const parts = minted.flatMap(({ accessKeyId, secretAccessKey, sessionToken }) => [
    { what: 'the id of', accessKeyId, forms: formsOf(accessKeyId) },
    { what: 'the secret of', accessKeyId, forms: formsOf(secretAccessKey) },
    ...(sessionToken === undefined
      ? []
      : [{ what: 'the token of', accessKeyId, forms: formsOf(sessionToken) }]),
  ]);
  return captured.flatMap(({ where, text }) => [
    ...parts
      .filter(({ forms }) => forms.some((form) => text.includes(form)))
      .map(({ what, accessKeyId }) => `${where}: ${what} ${accessKeyId}`),
    ...(LOOKS_LIKE_A_KEY.test(text) ? [`${where}: what looks like a key of AWS's`] : []),
  ]);
}
