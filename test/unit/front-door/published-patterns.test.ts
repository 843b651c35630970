import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CALLABLE_ARN, problemOfArn } from '../../../lambdas/shared/domain/identity/problem-of-arn.ts';
import { atLeast, NOT_BLANK } from '../../../lambdas/shared/domain/text/text-patterns.ts';

/** Texts of which much is blank, in every way that JavaScript trims and in some that only others do. */
const mostlyBlank = fc
  .array(
    fc.oneof(
      fc.constantFrom(...' \t\n\r\v\f\u00a0\ufeff\u2003\u2028\u3000\u0085\u001f\u200bab'),
      fc.string(),
    ),
  )
  .map((parts) => parts.join(''));

test('what the document says of a text is what is done with it', () => {
  fc.assert(
    fc.property(mostlyBlank, (text) => {
      expect(NOT_BLANK.test(text)).toBe(text.trim() !== '');
      expect(atLeast(3).test(text)).toBe(text.trim().length >= 3);
      expect(atLeast(10).test(text)).toBe(text.trim().length >= 10);
    }),
  );
});

const partsOfArns = fc.tuple(
  fc.constantFrom('arn:aws:', 'arn:aws-cn:', 'arn:', 'aws:'),
  fc.constantFrom('iam::', 'sts::', 'iam:eu-central-1:', 'iam'),
  fc.constantFrom('123456789012:', '12345:', '١٢٣٤٥٦٧٨٩٠١٢:'),
  fc.constantFrom('user/', 'role/', 'assumed-role/', 'root'),
  fc.constantFrom('', 'AWSReservedSSO_', 'team/', 'AWSReservedSSO_Read_0a1b/'),
  fc.constantFrom(
    '',
    'x',
    'anna',
    'anna@example.org',
    'ännä',
    'an na',
    `${'y'.repeat(64)}`,
    `${'y'.repeat(65)}`,
  ),
);

test('the ARNs that the document takes are those that nothing is wrong with', () => {
  fc.assert(
    fc.property(partsOfArns, (parts) => {
      const arn = parts.join('');
      expect(CALLABLE_ARN.test(arn), arn).toBe(problemOfArn(arn) === undefined);
    }),
    { numRuns: 2000 },
  );
});

test('no pattern means something else in another language', () => {
  const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));
  const patterns: string[] = [];
  JSON.stringify(document, (key, value) => {
    if (key === 'pattern' && typeof value === 'string') patterns.push(value);
    return value;
  });
  expect(patterns.length).toBeGreaterThan(5);
  // Python's classes are Unicode's, JavaScript's mostly ASCII's. Both together are everything, in each.
  const unlike = patterns.filter((pattern) => /\\[dwsbDWSBpP]/.test(pattern.replaceAll('[\\s\\S]', '')));
  expect(unlike).toEqual([]);
});
