import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { type ChainStart, chunkSignatures, signChunksAnew } from '../../../gateway/wire/signed-chunks.ts';
import { signingKey } from '../../../gateway/wire/signing-key.ts';

const scope = { timestamp: '20130524T000000Z', region: 'us-east-1', service: 's3' };
const start = (secret: string, signature: string): ChainStart => ({
  key: signingKey(secret, scope),
  scope,
  signature,
});
/** The example of AWS's documentation. */
const FIRST = start(
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
);
const OURS = start('ours', 'f'.repeat(64));

function body(chunks: readonly string[], from: ChainStart, trailer?: string): Buffer {
  const chain = chunkSignatures(from);
  const parts = [...chunks, ''].map((data) => {
    const head = `${Buffer.byteLength(data).toString(16)};chunk-signature=${chain.ofChunk(Buffer.from(data))}\r\n`;
    return data === '' ? head : `${head}${data}\r\n`;
  });
  const last = trailer ? `${trailer}\r\nx-amz-trailer-signature:${chain.ofTrailer(`${trailer}\n`)}\r\n` : '';
  return Buffer.from(`${parts.join('')}${last}\r\n`);
}

const pass = (bytes: Buffer, size = 7) =>
  buffer(
    Readable.from(
      Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      ),
    ).pipe(signChunksAnew(FIRST, OURS)),
  );

test('chunks have the signatures that AWS’s documentation gives', () => {
  const chain = chunkSignatures(FIRST);
  expect([
    chain.ofChunk(Buffer.alloc(65_536, 'a')),
    chain.ofChunk(Buffer.alloc(1024, 'a')),
    chain.ofChunk(Buffer.alloc(0)),
  ]).toEqual([
    'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
    '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
    'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  ]);
});

test.each([undefined, 'x-amz-checksum-crc32:AAAAAA=='])(
  'a body is signed anew, at the same length (trailer %s)',
  async (trailer) => {
    const sent = body(['hello', 'world!'], FIRST, trailer);
    const got = await pass(sent);
    expect(got.length).toBe(sent.length);
    expect(got.equals(body(['hello', 'world!'], OURS, trailer))).toBe(true);
  },
);

test.each([
  ['a changed byte', (text: string) => text.replace('world', 'w0rld')],
  ['a changed trailer', (text: string) => text.replace('AAAAAA', 'BBBBBB')],
  ['a trailer without its signature', (text: string) => text.replace(/x-amz-trailer-signature:.*\r\n/, '')],
  [
    'chunks in another order',
    (text: string) => text.replace(/^(5;.*\r\nhello\r\n)(6;.*\r\nworld!\r\n)/, '$2$1'),
  ],
  ['no end', (text: string) => text.slice(0, -120)],
  ['something after its end', (text: string) => `${text}more`],
  ['a chunk of 4 GB', (text: string) => text.replace(/^5;/, 'ffffffff;')],
  ['a head that is none', (text: string) => `x${text}`],
])('a body with %s is cut', async (_, change) => {
  const changed = change(body(['hello', 'world!'], FIRST, 'x-amz-checksum-crc32:AAAAAA==').toString());
  await expect(pass(Buffer.from(changed))).rejects.toMatchObject({ name: 'InvalidSignatureException' });
});
