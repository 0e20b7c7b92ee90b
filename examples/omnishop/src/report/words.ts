import { formatMoney, type Money, toCivil } from "@omni/core"

import { nameOfArticle } from "../shop/goods.ts"
import { ZONE } from "../story/moments.ts"

/** Money as the report writes it. */
export const price = (value: Money): string => formatMoney(value, "en")

/** The end of an id: enough to tell it from others on a page. */
export const short = (id: string): string => `…${id.slice(-5)}`

/** The time of day in Berlin. */
export const clock = (instant: number): string => toCivil(instant, ZONE).slice(11, 16)

const days = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: ZONE })

/** The day in Berlin. */
export const day = (instant: number): string => days.format(instant).replace(",", "")

/** Day and time in Berlin. */
export const when = (instant: number): string => `${day(instant)} ${clock(instant)}`

/** What and how many: "2 × Blades, pack of 3, 1 × Travel case". */
export const pieces = (lines: ReadonlyArray<{ readonly sku: string; readonly quantity: number }>): string =>
  lines.map(({ sku, quantity }) => `${quantity} × ${nameOfArticle(sku)}`).join(", ")
