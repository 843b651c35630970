import { GenerateMacCommand, type KMSClient, type VerifyMacCommand } from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { makeRecordMacs } from '../../../lambdas/shared/adapters/audit/record-macs.ts';

/** A key whose MAC of a text is the text itself: what it is asked is told, and whether it is down. */
function keyOf() {
  const calls: string[] = [];
  const key = { isDown: false };
  const client = {
    async send(command: GenerateMacCommand | VerifyMacCommand) {
      const { Message = new Uint8Array() } = command.input;
      const text = Buffer.from(Message).toString();
      if (key.isDown) throw Object.assign(new Error('down'), { name: 'DependencyTimeoutException' });
      if (command instanceof GenerateMacCommand) {
        calls.push(`make ${text}`);
        return { Mac: Message };
      }
      calls.push(`verify ${text}`);
      return { MacValid: Buffer.from(command.input.Mac ?? []).toString() === text };
    },
  } as unknown as KMSClient;
  return { key, calls, macs: makeRecordMacs({ client, keyId: 'alias/audit' }) };
}
const macOf = (text: string) => Buffer.from(`postern audit record ${text}`).toString('base64');

test('a MAC is over what says that it is a record’s', async () => {
  const { macs, calls } = keyOf();
  expect(await macs.make('a')).toBe(macOf('a'));
  expect(calls).toEqual(['make postern audit record a']);
});

test('one that was found genuine is not asked for again, nor is one that is being asked for', async () => {
  const { macs, calls } = keyOf();
  expect(await Promise.all([macs.verify('a', macOf('a')), macs.verify('a', macOf('a'))])).toEqual([
    true,
    true,
  ]);
  expect(await macs.verify('a', macOf('a'))).toBe(true);
  expect(calls).toEqual(['verify postern audit record a']);
  // Another text, or another MAC of it, is another question.
  expect(await macs.verify('b', macOf('a'))).toBe(false);
  expect(await macs.verify('a', macOf('b'))).toBe(false);
  expect(calls).toHaveLength(3);
});

test('one that was found forged is asked for again', async () => {
  const { macs, calls } = keyOf();
  expect(await macs.verify('a', macOf('b'))).toBe(false);
  expect(await macs.verify('a', macOf('b'))).toBe(false);
  expect(calls).toHaveLength(2);
});

test('a key that does not answer is an error, and is asked again', async () => {
  const { macs, key } = keyOf();
  key.isDown = true;
  await expect(macs.verify('a', macOf('a'))).rejects.toThrow();
  key.isDown = false;
  expect(await macs.verify('a', macOf('a'))).toBe(true);
});

test('the hundred last are remembered, and no more', async () => {
  const { macs, calls } = keyOf();
  for (let nth = 0; nth < 100; nth += 1) await macs.verify(`${nth}`, macOf(`${nth}`));
  await macs.verify('0', macOf('0'));
  expect(calls).toHaveLength(100);
  await macs.verify('100', macOf('100'));
  await macs.verify('0', macOf('0'));
  expect(calls).toHaveLength(102);
});
