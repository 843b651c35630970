/** Put in the place of `fetch` where it is imported. */
export {};
