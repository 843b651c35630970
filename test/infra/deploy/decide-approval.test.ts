import { expect, test } from 'vitest';
import { decideApproval } from '../../../infra/deploy/decide-approval.ts';

const attended = { unattended: false, allowWidening: false, hasTerminal: true, widens: true };
const unattended = { ...attended, unattended: true, hasTerminal: false };

test.each([
  [
    'CDK asks at a terminal, whatever the command line says',
    { ...attended, allowWidening: true },
    'asked-by-cdk',
  ],
  ['nobody can be asked without one', { ...attended, hasTerminal: false, widens: false }, 'no-terminal'],
  ['unattended, what widens nothing is deployed', { ...unattended, widens: false }, 'given'],
  ['unattended, what widens is refused', unattended, 'widens'],
  ['… unless that is agreed to', { ...unattended, allowWidening: true }, 'given'],
  ['a terminal does not agree for `--yes`', { ...unattended, hasTerminal: true }, 'widens'],
])('%s', (_, facts, approval) => {
  expect(decideApproval(facts)).toBe(approval);
});
