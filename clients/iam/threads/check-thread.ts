import { parentPort, workerData } from 'node:worker_threads';
import { checkOne } from '../check-inputs.ts';
import { readIamData } from '../read-iam-data.ts';
import type { Checked, ToCheck, Told } from './messages.ts';

/** Runs as a thread of its own: checks what it is sent, one policy after the other, until it is ended. */
const port = parentPort;
if (!port) throw new Error('check-thread runs as a thread of iam check');

const around = { ...(workerData as Told), data: readIamData() };

function answer({ given, isPolicyAnswered }: ToCheck): Checked {
  try {
    const { policy, ...checked } = checkOne(given, around);
    return { checked: { ...checked, ...(isPolicyAnswered && policy && { policy }) } };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'unknown error' };
  }
}

port.on('message', (message: ToCheck) => port.postMessage(answer(message)));
