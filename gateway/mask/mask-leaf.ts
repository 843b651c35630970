import type { Target } from '../identify/shapes.ts';
import { type Detector, maskFound } from './detectors.ts';

/** What stands in the place of what is masked. */
export const MASKED = '[masked]';
export const MASKED_BASE64 = Buffer.from(MASKED).toString('base64');

/**
 * The text of a value that is masked whole; undefined where it is left out, since no text could stand in its place and
 * be read: of a number, a time, a structure.
 */
export const textOfMasked = (target: Target): string | undefined =>
  target === 's' || target === 'd' ? MASKED : target === 'x' ? MASKED_BASE64 : undefined;

/** The bytes with what detectors find masked. Bytes that are no text are masked whole: nobody could say what they hold. */
export function maskBytes(bytes: Uint8Array, detectors: readonly Detector[]): Uint8Array {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(MASKED);
  }
  const masked = maskFound(text, detectors, MASKED);
  return masked === text ? bytes : Buffer.from(masked);
}

/** A leaf's text with what detectors find masked; base64 is looked into. */
export function maskLeafText(
  text: string,
  target: Target | undefined,
  detectors: readonly Detector[],
): string {
  if (detectors.length === 0) return text;
  if (target !== 'x') return maskFound(text, detectors, MASKED);
  const bytes = Buffer.from(text, 'base64');
  const masked = maskBytes(bytes, detectors);
  return masked === bytes ? text : Buffer.from(masked).toString('base64');
}
