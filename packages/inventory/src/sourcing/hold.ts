import { fail, Id, operation, query } from "@omni/core"
import * as z from "zod"

import { hold, HoldTtl } from "../hold.ts"
import { type Reader, readLevels } from "../levels.ts"
import { Locations } from "../locations-model.ts"
import { LocationId, Placements, type StockKey } from "../model.ts"
import { OrderNotCovered } from "./errors.ts"
import { SourcingLocation, SourcingOrder, SourcingRules, type SourcingStock } from "./model.ts"
import { stockLinesOf } from "./plan.ts"
import { source } from "./source.ts"

/** What the shop says about locations beside their stock. */
export const SourcingRequest = z.object({
  order: SourcingOrder,
  rules: SourcingRules,
  locations: z.array(SourcingLocation).max(1000).exactOptional(),
  /** Of the stock pool of a channel alone. */
  pool: Id.exactOptional(),
  /** So many pieces of each article the location keeps for itself. */
  floors: z.record(LocationId, z.int().nonnegative()).exactOptional()
})
export type SourcingRequest = z.infer<typeof SourcingRequest>

/** What the stock of an order's articles is, as the store has it: by key alone, in three loads, so that an operation can ask too. */
export const stockFor = (reader: Reader, { order, locations = [], pool, floors = {} }: SourcingRequest): SourcingStock => {
  const skus = [...new Set(order.lines.map(({ sku }) => sku))]
  const placed = reader.getMany(Placements, skus)
  const ids = [...new Set(placed.flatMap((row) => row?.locations ?? []))]
  const rows = new Map(reader.getMany(Locations, ids).map((row, i) => [ids[i]!, row]))
  const keys = skus.flatMap((sku, i): ReadonlyArray<StockKey> => {
    const own = placed[i]?.locations ?? []
    return own.filter((id) => pool === undefined || rows.get(id)?.pools.includes(pool) === true).map((location) => ({ sku, location }))
  })
  const told = new Map(locations.map((location) => [location.id, location]))
  return {
    locations: [...new Set([...ids, ...told.keys()])].map((id) => {
      const { name, coordinates } = rows.get(id) ?? {}
      const about = { ...(name === undefined ? {} : { name }), ...(coordinates === undefined ? {} : { coordinates }) }
      return { ...about, ...(told.get(id) ?? { id }) }
    }),
    levels: readLevels(reader, keys).map(({ sku, location, available }) => {
      const floor = floors[location]
      return { sku, location, available: Math.max(0, available), ...(floor === undefined ? {} : { floor }) }
    })
  }
}

/** Which locations would serve an order now, and why. Nothing is promised by it. */
export const sourcing = query("inventory.sourcing", SourcingRequest, function* (view, request) {
  return source(request.order, stockFor(view, request), request.rules)
})

/**
 * Plans an order and holds what the plan takes, in one commit: when stock has gone meanwhile it is planned again, so that nothing is
 * promised that is not there. `accept` says what to do when stock does not cover the order: refuse (`"covered"`, unless told), or hold
 * what there is (`"part"`).
 *
 * Errors: `OrderNotCovered`, which brings the plan; also when nothing at all can be had.
 */
export const sourceAndHold = operation(
  "inventory.sourceAndHold",
  SourcingRequest.extend({
    accept: z.enum(["covered", "part"]).exactOptional(),
    ttl: HoldTtl.exactOptional(),
    reference: Id.exactOptional()
  }),
  function* (tx, { accept = "covered", ttl, reference, ...request }) {
    const plan = source(request.order, stockFor(tx, request), request.rules)
    const lines = [...stockLinesOf(plan)]
    const isCovered = plan.lines.every(({ short }) => short === 0)
    if (lines.length === 0 || (accept === "covered" && !isCovered)) return yield* fail(OrderNotCovered.of(plan))
    const held = yield* hold(tx, { lines, ...(ttl === undefined ? {} : { ttl }), ...(reference === undefined ? {} : { reference }) })
    return { plan, hold: held }
  }
)
