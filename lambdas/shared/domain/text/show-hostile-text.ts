/**
 * Characters that show nothing, or change how their neighbours show: controls and line ends, format characters
 * (bidirectional, zero-width, tags), unassigned and private ones, lone surrogates, whatever is ignored by
 * default (fillers, variation selectors), every space but the plain one, blank braille, and marks that strike
 * through or enclose the letter before them.
 */
const UNSEEN =
  /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Me}]|\u2800|[\u0334-\u0338]|\u20d2|\u20d3|(?! )\p{Zs}/gu;

/** A mark with no letter before it, or the third and later one on the same letter. */
const STRAY_MARK = /(?<![\p{L}\p{M}\p{N}])\p{M}|(?<=\p{M}{2})\p{M}/gu;

const NOT_ASCII_LETTER = /(?![a-zA-Z0-9])[\p{L}\p{N}\p{So}]/gu;

const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
const LETTER = /\p{L}/gu;
const LATIN_LETTER = /\p{Script=Latin}/u;

/** Those scripts of East Asia stand beside Latin letters in honest words, and look like none of them. */
const LATIN_OR_EAST_ASIAN =
  /[\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Common}]/u;

/** Cyrillic, Greek, Armenian and Cherokee letters that are drawn like Latin ones. */
const DRAWN_LIKE_LATIN = new Set(
  'асԁеһіјӏорԛѕԝухАВЕНІЈКМОРԚЅТԜУХοανικυρΑΒΕΖΗΙΚΜΝΟΡΤΥΧօոսցհԱՕՍᎠᎡᎢᎥᎪᎫᎬᎳᎷᎻᏀᏃᏒᏔᏕᏙᏚᏞᏟᏢᏦ',
);

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(character: string): string {
  return SHORT[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}

/** A letter that is one of ASCII's in another shape: fullwidth, mathematical, circled. */
function escapeOtherShape(letter: string): string {
  return /^[a-zA-Z0-9]+$/.test(letter.normalize('NFKC')) ? escapeOf(letter) : letter;
}

/** A word of two scripts shows its Latin letters as they are, and the others escaped. */
function escapeMixedWord(word: string, amongLatin: boolean): string {
  const letters = word.match(LETTER) ?? [];
  const disguised =
    amongLatin && letters.length > 0 && letters.every((letter) => DRAWN_LIKE_LATIN.has(letter));
  if (!disguised && !LATIN_LETTER.test(word)) return word;
  return word.replace(LETTER, (letter) => (LATIN_OR_EAST_ASIAN.test(letter) ? letter : escapeOf(letter)));
}

/**
 * Somebody else's text as people may be shown it before they decide: what would hide, reorder, break a line or
 * pass for another letter is written out, as `\n` or `\u{202E}`. Everything else stays as it is, words of any one
 * script among it. The answer is one line, of at most eight times the length: to show a text of several lines,
 * split it first. For showing only: digests, reviews and records keep the text as it was sent.
 *
 * What is taken for a disguise follows UTS 39 (https://www.unicode.org/reports/tr39/): words that mix Latin
 * with another alphabet, and, in a text that is mostly Latin, words drawn entirely from letters that look so.
 */
export function visibleText(text: string): string {
  const letters = text.match(LETTER) ?? [];
  const amongLatin = letters.filter((letter) => LATIN_LETTER.test(letter)).length * 2 > letters.length;
  return text
    .replace(NOT_ASCII_LETTER, escapeOtherShape)
    .replace(STRAY_MARK, escapeOf)
    .replace(UNSEEN, escapeOf)
    .replace(WORD, (word) => escapeMixedWord(word, amongLatin));
}
