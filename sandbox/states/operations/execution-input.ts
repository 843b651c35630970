import { MAX_PAYLOAD_BYTES } from '../run-task.ts';
import { statesError } from '../states-error.ts';

/** Throws InvalidExecutionInput unless the text is JSON of at most 256 KiB. */
export function checkExecutionInput(input: string): void {
  if (!isStateData(input)) {
    throw statesError(
      'InvalidExecutionInput',
      'Invalid State Machine Execution Input: not JSON of at most 256 KiB',
    );
  }
}

/** JSON text that a state's data may hold. */
export function isStateData(text: string): boolean {
  if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
