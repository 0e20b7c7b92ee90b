/** How many characters of JSON a product, a variant or a category may have: what stores keep as one value is bounded. */
const MOST = 2_000_000

/** Whether something is no larger than a store's row may be; as a refinement of an input. */
export const fitsRow = (value: unknown): boolean => JSON.stringify(value).length <= MOST

/** What is said of what does not. */
export const tooLarge = { error: `At most ${MOST.toLocaleString("en")} characters in all` }
