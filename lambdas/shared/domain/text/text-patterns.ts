/**
 * What `String.prototype.trim` takes away. By number, since `\s` stands for other characters in other languages, and
 * these patterns are published in the API's document.
 */
const BLANK = String.raw`\u0009-\u000d\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`;

/** Text with something in it that is no blank. */
export const NOT_BLANK = new RegExp(String.raw`^[${BLANK}]*[^${BLANK}][\s\S]*$`);

/** Text of so many characters, two or more, once the blanks at its ends are taken away. */
export const atLeast = (characters: number): RegExp =>
  new RegExp(String.raw`^[${BLANK}]*[^${BLANK}][\s\S]{${characters - 2},}[^${BLANK}][${BLANK}]*$`);
