import { fail, Id, operation, query } from "@omni/core"
import * as z from "zod"

import { hold, HoldTtl } from "../hold.ts"
import type { Reader } from "../levels.ts"
import { type Location, Locations } from "../locations-model.ts"
import { LocationId } from "../model.ts"
import { sellingOn } from "../shortage.ts"
import { type Stand, standsOf } from "../stand.ts"
import { OrderNotCovered } from "./errors.ts"
import { type SourcingLevel, SourcingLocation, SourcingOrder, SourcingRules, type SourcingStock } from "./model.ts"
import { stockLinesOf } from "./plan.ts"
import { source } from "./source.ts"

/** An order with what the shop says about locations beside what is stored of them; what is said here goes before that. */
export const SourcingRequest = z.object({
  order: SourcingOrder,
  rules: SourcingRules,
  locations: z.array(SourcingLocation).max(1000).exactOptional(),
  /** The channel that sells: what it may see, and from which pool unless one is named. */
  channel: Id.exactOptional(),
  pool: Id.exactOptional(),
  /** So many pieces of each article the location keeps for itself. */
  floors: z.record(LocationId, z.int().nonnegative()).exactOptional()
})
export type SourcingRequest = z.infer<typeof SourcingRequest>

/** What the stock of an order's articles is, as the store has it: by key alone, in few loads, so that an operation can ask too. */
export const stockFor = (reader: Reader, { order, locations = [], channel, pool, floors = {} }: SourcingRequest): SourcingStock => {
  const selling = channel === undefined ? undefined : sellingOn(reader, channel)
  const from = pool ?? selling?.pool
  const skus = [...new Set(order.lines.map(({ sku }) => sku))]
  const stands = standsOf(reader, skus, selling?.seller, from)
  const told = new Map(locations.map((location) => [location.id, location]))
  const ids = [...new Set([...stands.flat().map(({ location }) => location), ...told.keys()])]
  const rows = new Map(reader.getMany(Locations, ids).map((row, i) => [ids[i]!, row]))
  return {
    locations: ids.map((id) => ({ ...storedOf(id, rows.get(id)), ...told.get(id) })),
    levels: skus.flatMap((sku, i) =>
      stands[i]!.map((stand) => {
        const floor = floors[stand.location]
        return { sku, ...levelOf(stand), ...(floor === undefined ? {} : { floor }) }
      })
    )
  }
}

const storedOf = (id: string, row: Location | undefined): SourcingLocation => {
  if (row === undefined) return { id }
  const { name, coordinates, pickup } = row
  return { id, name, pickup: pickup !== undefined, ...(coordinates === undefined ? {} : { coordinates }) }
}

const levelOf = ({ location, seen, atMost, promisable }: Stand): Omit<SourcingLevel, "sku"> => {
  const available = Math.max(0, Math.min(seen, atMost))
  const more = promisable - available
  return { location, available, backorder: Number.isFinite(more) ? Math.max(0, more) : true }
}

/** Which locations would serve an order now, and why. Nothing is promised by it. */
export const sourcing = query("inventory.sourcing", SourcingRequest, function* (view, request) {
  return source(request.order, stockFor(view, request), request.rules)
})

/**
 * Plans an order and holds what the plan takes and backorders, in one commit: when stock has gone meanwhile it is planned again, so that
 * nothing is promised that is not there. `accept` says what to do when not all of the order can be had: refuse (`"all"`, unless told), or
 * hold what there is (`"part"`).
 *
 * Errors: `OrderNotCovered`, which brings the plan; also when nothing at all can be had. Those of `hold`, for what a plan does not see:
 * an article that is also a component of a kit of the same order, and a channel's `atMost` when more than that is asked for.
 */
export const sourceAndHold = operation(
  "inventory.sourceAndHold",
  SourcingRequest.extend({
    accept: z.enum(["all", "part"]).exactOptional(),
    ttl: HoldTtl.exactOptional(),
    reference: Id.exactOptional()
  }),
  function* (tx, { accept = "all", ttl, reference, ...request }) {
    const plan = source(request.order, stockFor(tx, request), request.rules)
    const lines = [...stockLinesOf(plan)]
    const isShort = plan.lines.some(({ short }) => short > 0)
    if (lines.length === 0 || (accept === "all" && isShort)) return yield* fail(OrderNotCovered.of(plan))
    const { channel } = request
    const about = { ...(ttl === undefined ? {} : { ttl }), ...(reference === undefined ? {} : { reference }) }
    const held = yield* hold(tx, { lines, ...about, ...(channel === undefined ? {} : { channel }) })
    return { plan, hold: held }
  }
)
