import { InvalidArgumentError } from 'commander';

/** A port of this machine; 0 is any free one. Throws commander's own error, which names the option. */
export function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError('It is a port number, 0 to 65535.');
}
