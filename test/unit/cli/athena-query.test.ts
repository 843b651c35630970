import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COLUMNS } from '../../../clients/iam/collect/trails/read-athena-result.ts';

/**
 * The columns of the table that CloudTrail's console and Athena's own manual make.
 * @see https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-ct.html
 */
const TABLE = [
  ...[
    'eventversion',
    'useridentity',
    'eventtime',
    'eventsource',
    'eventname',
    'awsregion',
    'sourceipaddress',
  ],
  ...[
    'useragent',
    'errorcode',
    'errormessage',
    'requestparameters',
    'responseelements',
    'additionaleventdata',
  ],
  ...['requestid', 'eventid', 'readonly', 'resources', 'eventtype', 'apiversion', 'recipientaccountid'],
  ...['serviceeventdetails', 'sharedeventid', 'vpcendpointid', 'eventcategory'],
];
const WORDS =
  'select coalesce as count min max from left join unnest on true where and in group by t r arn type sessioncontext sessionissuer cloudtrail_logs'.split(
    ' ',
  );

test('the query of docs/iam.md asks for columns that there are, and answers those that are read', () => {
  const [, query = ''] = /```sql\n(.*?)```/s.exec(readFileSync('docs/iam.md', 'utf8')) ?? [];
  const names = query
    .replace(/'[^']*'/g, '')
    .toLowerCase()
    .match(/[a-z_]\w*/g);
  const answered = [...query.matchAll(/ AS (\w+)(?=[,\s])/g)].map(([, name]) => name);
  const plain = ['eventsource', 'eventname', 'awsregion'];
  expect(
    answered
      .filter((name) => name !== 't')
      .concat(plain)
      .sort(),
  ).toEqual([...COLUMNS].sort());
  const known = new Set([...TABLE, ...WORDS, ...answered]);
  expect(names?.filter((name) => !known.has(name))).toEqual([]);
});
