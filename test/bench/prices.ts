/** Dollars each, at list prices of us-east-1, as docs/cost.md names them. */
export const PRICES = {
  transitions: 25 / 1e6,
  invocations: 0.2 / 1e6,
  writeUnits: 0.625 / 1e6,
  readUnits: 0.125 / 1e6,
  /** Requests of KMS. */
  kms: 3 / 1e6,
  /** Calls of the REST API. */
  api: 3.5 / 1e6,
  /** Objects put into the archive. */
  puts: 5 / 1e6,
};
