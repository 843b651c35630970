import type { KMSClient } from '@aws-sdk/client-kms';
import { makeMacKey } from './mac-key.ts';

const bytesOf = (text: string) => new TextEncoder().encode(`postern audit record ${text}`);

/** MACs that are remembered as genuine: the records of a step share one, and are verified one after the other. */
const REMEMBERED = 100;

/** MACs over what audit records say is theirs (`textOfMac`), by the KMS key that is for nothing else. */
export function makeRecordMacs(deps: { client: KMSClient; keyId: string }) {
  const key = makeMacKey(deps);
  const answers = new Map<string, Promise<boolean>>();

  async function ask(id: string, text: string, mac: string): Promise<boolean> {
    const isGenuine = await key.verify(bytesOf(text), mac).catch((error: unknown) => {
      answers.delete(id);
      throw error;
    });
    if (!isGenuine) answers.delete(id);
    return isGenuine;
  }

  return {
    make: (text: string): Promise<string> => key.mac(bytesOf(text)),
    verify(text: string, mac: string): Promise<boolean> {
      const id = JSON.stringify([text, mac]);
      const found = answers.get(id);
      if (found) return found;
      if (answers.size >= REMEMBERED) answers.clear();
      const answer = ask(id, text, mac);
      answers.set(id, answer);
      return answer;
    },
  };
}
