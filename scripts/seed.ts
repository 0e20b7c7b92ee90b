import * as fc from "fast-check"

/**
 * With `OMNI_SEED` every property tests the cases of that seed, so that a change is judged by what it says and not by
 * luck; without it each run looks at cases nobody has seen. A property that fails prints the seed it failed with.
 */
const { OMNI_SEED: seed } = process.env
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) })
