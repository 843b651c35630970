/** What texts are searched for, where a mask asks. */
export type Detector = 'email' | 'card' | 'iban' | 'us-ssn';

/** Luhn's check. @see https://www.iso.org/standard/70484.html */
function isCard(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  let sum = 0;
  for (const [place, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  }
  return digits.length >= 13 && digits.length <= 19 && sum % 10 === 0;
}

/** Modulo 97. @see https://www.iso.org/standard/81090.html */
function isIban(text: string): boolean {
  const plain = text.replace(/ /g, '').toUpperCase();
  if (plain.length < 15 || plain.length > 34) return false;
  const moved = plain.slice(4) + plain.slice(0, 4);
  let rest = 0;
  for (const letter of moved) {
    for (const digit of String(Number.parseInt(letter, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}

type Pattern = { readonly pattern: RegExp; readonly isReal: (text: string) => boolean };
const always = () => true;

/**
 * Each stands between what is no letter, digit or sign of a longer name, and passes its checksum where it has one. No
 * part of a pattern can be matched in two ways, so that no text takes long.
 */
const PATTERNS: Readonly<Record<Detector, Pattern>> = {
  email: {
    pattern:
      /(?<![\w.+%-])[\w+%-]{1,64}(?:\.[\w+%-]{1,64}){0,8}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}[A-Za-z]{2,24}(?![\w-])/g,
    isReal: always,
  },
  card: { pattern: /(?<![\w.+-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-]|\.\d)/g, isReal: isCard },
  iban: { pattern: /(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?!\w)/g, isReal: isIban },
  'us-ssn': {
    pattern: /(?<![\w.-])(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-]|\.\d)/g,
    isReal: always,
  },
};

/** The text with what the detectors find replaced; the very text where they find nothing. */
export function maskFound(text: string, detectors: readonly Detector[], masked: string): string {
  return detectors.reduce((found, detector) => {
    const { pattern, isReal } = PATTERNS[detector];
    return found.replace(pattern, (match) => (isReal(match) ? masked : match));
  }, text);
}
