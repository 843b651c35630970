import { createHash } from 'node:crypto';
import { isObject } from './mask-value.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Messages of SQS's with the digest of the body that they now have; clients would find the old one wrong. */
export function repairMessages(answer: unknown): unknown {
  if (!isObject(answer) || !Array.isArray(answer.Messages)) return answer;
  const Messages = answer.Messages.map((message: unknown) => {
    if (!isObject(message) || typeof message.Body !== 'string') return message;
    // The digest of attributes is of their binary form; without it clients check nothing.
    const { MD5OfMessageAttributes: _, ...others } = message;
    return { ...others, MD5OfBody: md5(message.Body) };
  });
  return { ...answer, Messages };
}
