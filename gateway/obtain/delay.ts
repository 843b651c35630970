import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, and keeps no process from ending. */
export const delay = (milliseconds: number): Promise<void> => sleep(milliseconds, undefined, { ref: false });
