/** A time as the command line shows it: always UTC, and always said. */
export const clockTime = (iso: string): string => `${iso.slice(11, 16)} UTC`;

/** The same with its day. */
export const dayAndTime = (iso: string): string => `${iso.slice(0, 10)} ${clockTime(iso)}`;
