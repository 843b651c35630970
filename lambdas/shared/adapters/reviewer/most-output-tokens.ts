/** Tokens a review may take, reasoning included: a review is short. */
export const MOST_OUTPUT_TOKENS = 4_000;
