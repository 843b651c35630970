import { InvalidArgumentError } from 'commander';

/** A whole number of seconds. Throws commander's own error, which names the option. */
export function readSeconds(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number of seconds.');
}
