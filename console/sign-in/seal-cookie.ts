import { createHash } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import type { z } from 'zod';

/** Characters of one cookie: browsers keep 4,096 bytes of name, value and attributes. */
const CHUNK = 3500;
/** Cookies that one value may take: more is no session of ours. */
export const MOST_CHUNKS = 4;

/** Seals what a browser keeps for us: it can neither read nor change it. */
export function makeSealer(secret: string) {
  if (secret.length < 32) throw new Error('the secret that seals cookies has fewer than 32 characters');
  const key = createHash('sha256').update(`postern console cookie ${secret}`).digest();
  return {
    /** A value for one purpose, which no other takes it for. */
    async seal(
      purpose: string,
      value: Readonly<Record<string, unknown>>,
      seconds: number,
    ): Promise<string[]> {
      const sealed = await new EncryptJWT({ value })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setIssuedAt()
        .setAudience(purpose)
        .setExpirationTime(`${seconds} s`)
        .encrypt(key);
      return sealed.match(new RegExp(`.{1,${CHUNK}}`, 'g')) ?? [];
    },
    /** What was sealed; undefined where it is over, was changed, is of another key or purpose, or does not fit. */
    async open<Schema extends z.ZodType>(
      purpose: string,
      chunks: readonly string[],
      schema: Schema,
    ): Promise<z.output<Schema> | undefined> {
      if (chunks.length === 0) return undefined;
      try {
        const { payload } = await jwtDecrypt(chunks.join(''), key, {
          audience: purpose,
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        });
        return schema.safeParse(payload.value).data;
      } catch {
        return undefined;
      }
    },
  };
}
export type Sealer = ReturnType<typeof makeSealer>;
