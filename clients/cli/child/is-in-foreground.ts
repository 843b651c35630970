import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';

/**
 * Whether this process is in the foreground of a terminal, which then sends the signals of its keys to this process's
 * children as well. Linux says so in /proc; elsewhere a terminal at the input has to do.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function isInForeground(): boolean {
  try {
    return isForegroundStat(readFileSync('/proc/self/stat', 'utf8'));
  } catch {
    return isatty(0);
  }
}

/** The same, of a line of /proc/<pid>/stat. The name in brackets may hold anything, brackets too. */
export function isForegroundStat(stat: string): boolean {
  const [, , group, , terminal, foregroundGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return terminal !== '0' && group === foregroundGroup;
}
