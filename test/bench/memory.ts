export const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);

/** Bytes that the whole process holds (every function runs in a thread of it), and of its main heap what is in use. */
export function memory(): { rss: number; heap: number } {
  if (!globalThis.gc) throw new Error('run with node --expose-gc, as the npm script does');
  globalThis.gc();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heap: heapUsed };
}
