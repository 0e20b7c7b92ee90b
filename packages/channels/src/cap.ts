import type { ChannelKind, Instant } from "@omni/core"

import type { Category } from "./content.ts"
import type { Contacted } from "./model.ts"
import type { Cap } from "./settings.ts"

/** A cap that is full, and when it has room again. */
export interface Full {
  readonly cap: Cap
  readonly count: number
  readonly until: Instant
}

const counts = (
  { categories = ["marketing"], kinds }: Cap,
  message: { readonly kind: ChannelKind; readonly category: Category }
): boolean => categories.includes(message.category) && (kinds?.includes(message.kind) ?? true)

/**
 * The caps that one more message now would exceed. A cap's window is the stretch `(now - window, now]`, so that no stretch of that length
 * ever holds more than its limit.
 */
export const fullCaps = (
  caps: ReadonlyArray<Cap>,
  contacted: ReadonlyArray<Contacted>,
  message: { readonly kind: ChannelKind; readonly category: Category },
  now: Instant
): ReadonlyArray<Full> =>
  caps
    .filter((cap) => counts(cap, message))
    .flatMap((cap) => {
      const within = contacted
        .filter((one) => counts(cap, one) && one.at > now - cap.window)
        .map((one) => one.at)
        .sort((left, right) => left - right)
      const blocking = within[within.length - cap.limit]
      return blocking === undefined ? [] : [{ cap, count: within.length, until: blocking + cap.window }]
    })

/** What still counts under some cap: the rest can be forgotten. */
export const stillCounting = (caps: ReadonlyArray<Cap>, contacted: ReadonlyArray<Contacted>, now: Instant): ReadonlyArray<Contacted> =>
  contacted.filter((one) => caps.some((cap) => counts(cap, one) && one.at > now - cap.window))
