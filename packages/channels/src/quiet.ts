import { type ChannelKind, type Instant, isWithinLocalWindow, nextLocalTime, type TimeZone } from "@omni/core"

import type { Category } from "./content.ts"
import type { QuietHours } from "./settings.ts"

/**
 * When the quiet hours that a moment lies in are over by the recipient's clock; `undefined` when it lies in none. Right also on days when
 * the clocks change: the end is the moment at which that clock first shows it, or has jumped over it.
 */
export const quietUntil = (
  quietHours: ReadonlyArray<QuietHours>,
  message: { readonly kind: ChannelKind; readonly category: Category },
  now: Instant,
  zone: TimeZone
): Instant | undefined => {
  const ends = quietHours
    .filter(({ kinds, categories = ["marketing"] }) => (kinds?.includes(message.kind) ?? true) && categories.includes(message.category))
    .filter(({ from, to }) => isWithinLocalWindow(now, zone, from, to))
    .map(({ to }) => nextLocalTime(now, zone, to))
  return ends.length === 0 ? undefined : Math.max(...ends)
}
