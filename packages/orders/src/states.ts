import * as z from "zod"

/**
 * The state of units of a line. `placed`: nobody has been given them to fulfil; `backordered`: they wait for stock; `allocated`: their
 * stock is kept; then `picked`, `packed`, and `ready` → `collected` or `shipped` → `delivered`. `returned`, `exchanged` and `cancelled`
 * are ends. `machine` says what leads where.
 */
export const LineStatus = z.enum([
  "placed",
  "backordered",
  "allocated",
  "picked",
  "packed",
  "ready",
  "shipped",
  "delivered",
  "collected",
  "returned",
  "exchanged",
  "cancelled"
])
export type LineStatus = z.infer<typeof LineStatus>

/** How goods reach the customer. */
export const FulfilmentKind = z.enum(["pickup", "carry-out", "ship", "delivery"])
export type FulfilmentKind = z.infer<typeof FulfilmentKind>

/**
 * Where a fulfilment stands. `scheduled`: its day has not come; `open`: to be begun; `in-progress`; `on-hold`: not to be touched;
 * `incomplete`: given up, what was left went back to the order; `closed`: all has left the location; `cancelled`: nothing will.
 */
export const FulfilmentStatus = z.enum(["scheduled", "open", "in-progress", "on-hold", "incomplete", "closed", "cancelled"])
export type FulfilmentStatus = z.infer<typeof FulfilmentStatus>

/** What the history tells of: units that came into a state, or something done to the order, a fulfilment or a return. */
export const Change = z.enum([
  ...LineStatus.options,
  "edited",
  "acknowledged",
  "opened",
  "held",
  "released",
  "moved",
  "split",
  "merged",
  "rescheduled",
  "closed",
  "return-requested",
  "return-approved",
  "return-rejected",
  "return-cancelled"
])
export type Change = z.infer<typeof Change>
