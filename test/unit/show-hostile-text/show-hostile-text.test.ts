import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visibleText } from '../../../lambdas/shared/domain/text/show-hostile-text.ts';

test.each([
  ['a right-to-left override', 'read \u202Ecilbup\u202C tables', 'read \\u{202E}cilbup\\u{202C} tables'],
  ['an isolate and a mark', '\u2066x\u2069\u200F', '\\u{2066}x\\u{2069}\\u{200F}'],
  ['a zero-width space', 'ad\u200Bmin', 'ad\\u{200B}min'],
  ['a byte-order mark and a soft hyphen', '\uFEFFde\u00ADny', '\\u{FEFF}de\\u{AD}ny'],
  ['control characters', 'a\u0000b\u0007c\u001Bd\u007Fe\u0085', 'a\\u{0}b\\u{7}c\\u{1B}d\\u{7F}e\\u{85}'],
  ['line ends, which could begin a forged line', 'ok\r\nApproved\tby', 'ok\\r\\nApproved\\tby'],
  ['the line and paragraph separator', 'a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
  ['spaces that are not the plain one', 'a\u00A0b\u3000c', 'a\\u{A0}b\\u{3000}c'],
  ['fillers and blank braille', '\u3164\u115F\u2800', '\\u{3164}\\u{115F}\\u{2800}'],
  ['invisible tag characters', 'hi\u{E0041}', 'hi\\u{E0041}'],
  ['a variation selector', 'x\uFE0F', 'x\\u{FE0F}'],
  ['half a surrogate pair', '\uD800x', '\\u{D800}x'],
  ['a private character', '\uE000', '\\u{E000}'],
  ['a stroke through a word', 'no\u0336t', 'no\\u{336}t'],
  ['an enclosing mark', 'x\u20DD', 'x\\u{20DD}'],
  ['a mark with no letter to stand on', '\u0301x', '\\u{301}x'],
  ['a heap of marks', 'x\u0301\u0302\u0303\u0304', 'x\u0301\u0302\\u{303}\\u{304}'],
  ['a Cyrillic letter in a Latin word', 'p\u0430ypal', 'p\\u{430}ypal'],
  ['a Greek letter in a Latin word', 'g\u03BFogle', 'g\\u{3BF}ogle'],
  [
    'a word of look-alikes only',
    'please \u0441\u043E\u0440\u0443 it',
    'please \\u{441}\\u{43E}\\u{440}\\u{443} it',
  ],
  ['fullwidth letters', '\uFF41dmin', '\\u{FF41}dmin'],
  ['mathematical letters and circled ones', '\u{1D41A}\u24D1', '\\u{1D41A}\\u{24D1}'],
  ['a digit in another shape', '\u2460\u00B2', '\\u{2460}\\u{B2}'],
])('%s is written out', (_name, text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

test.each([
  'Check the balance of customer c-1042: "why was it 12% lower?" {see #7} \\o/ <b>',
  'naïve café, e\u0301 written in two parts',
  'Привет мир, нужен доступ к API сегодня',
  'а сору',
  'ελληνικά',
  'שלום',
  'हिन्दी में',
  'ไทยที่นี่',
  'DynamoDBテーブルを読む',
  '한국어 데이터',
  'Tiếng Việt',
  'half ½, € 5 – “quoted”…',
  '🙂',
])('%s stays as it is', (text) => {
  expect(visibleText(text)).toBe(text);
});

const anyText = fc.string({ unit: fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })) });

test('nothing that hides, reorders or breaks a line is ever left, and the answer stays bounded', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const shown = visibleText(text);
      expect(shown).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
      expect(shown.length).toBeLessThanOrEqual(text.length * 8);
    }),
  );
});

test('printable ASCII is never touched', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      expect(visibleText(text)).toBe(text);
    }),
  );
});
