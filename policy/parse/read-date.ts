const EPOCH_SECONDS = /^-?\d+$/;
/** @see https://www.w3.org/TR/NOTE-datetime */
const W3C =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d(?::?\d\d)?))?)?)?$/i;

/**
 * A moment as milliseconds since 1970: a date of W3C's profile of ISO 8601, or whole seconds since 1970.
 * Undefined for anything else, and for a day or hour that does not exist.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 */
export function readDate(text: string): number | undefined {
  if (EPOCH_SECONDS.test(text) && text.length !== 4) return Number(text) * 1000;
  const parts = W3C.exec(text);
  if (parts === null) return undefined;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = ''] = parts;
  const thousandths = fraction.padEnd(3, '0').slice(0, 3);
  const plain = `${year}-${month}-${day}T${hour}:${minute}:${second}.${thousandths}Z`;
  const milliseconds = Date.parse(plain);
  // A day or an hour that does not exist would be taken for one of the next.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== plain) return undefined;
  return milliseconds - zoneMinutes(parts[8]) * 60_000;
}

/** How far a zone as `+02:00` is ahead of UTC. */
function zoneMinutes(zone = 'Z'): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return zone.startsWith('-') ? -minutes : minutes;
}
