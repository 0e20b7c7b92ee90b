import { type Contents, isNamed, timeAfter, united } from "./contents.ts"
import type { EarlyChange, Stamped } from "./model.ts"

/** How many changes a cart remembers that were told before their time; the latest. */
const MOST_AHEAD = 200

/**
 * A change of a device, as of the time that it counts at, and what the cart remembers of it. A time that has not come yet is one of a clock that is ahead: it counts as
 * now, after all that is known of the line; and told again it counts as it did, or what was said in between would be undone by a retry.
 */
export const inItsTime = <C extends Pick<Stamped, "id" | "at"> & { readonly line: string }>(
  contents: Contents,
  change: C,
  now: number
): { readonly contents: Contents; readonly change: C } => {
  const { line, id, at: said } = change
  const known = contents.ahead?.find((one) => one.line === line && one.id === id && one.said === said)
  if (known !== undefined) return { contents, change: { ...change, at: known.at } }
  if (said <= now) return { contents, change }
  const at = timeAfter(
    contents,
    contents.lines.find((one) => isNamed(one, line)),
    now
  )
  return { contents: { ...contents, ahead: withAhead(contents.ahead ?? [], [{ line, id, said, at }]) }, change: { ...change, at } }
}

/** What is remembered of two carts. */
export const withAhead = (a: ReadonlyArray<EarlyChange>, b: ReadonlyArray<EarlyChange>): ReadonlyArray<EarlyChange> =>
  united(a, b, (one, other) => one.line === other.line && one.id === other.id && one.said === other.said).slice(-MOST_AHEAD)
