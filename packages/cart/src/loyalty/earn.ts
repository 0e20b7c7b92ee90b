import { type DataOf, isEvent, reactor, type Tx } from "@omni/core"
import { OrderCancelled, OrderPlaced, RefundDue } from "@omni/orders"

import { enrolled } from "./enrol.ts"
import { change, expired, newLot, withLot } from "./ledger.ts"
import { takeFrom } from "./lots.ts"
import { type Member, Members, type PointsLot } from "./model.ts"
import type { LoyaltySettings } from "./settings.ts"

/** What orders do to points: one reactor, so that an order's points are counted before they are taken back, also where counting them had to wait. */
export const earning = (settings: LoyaltySettings) =>
  reactor("loyalty.earn", [OrderPlaced, RefundDue, OrderCancelled], function* (tx, event) {
    if (isEvent(OrderPlaced, event)) return yield* earn(tx, settings, event.data)
    const { customer, order } = event.data
    const member = customer === undefined ? undefined : tx.get(Members, settings.customerOf(tx, customer))
    const lot = member?.lots.find((one) => one.order === order)
    if (member === undefined || lot === undefined) return
    // What is cancelled as a whole keeps none, also where it cost nothing, or the shop has kept a fee.
    if (isEvent(RefundDue, event)) reverse(tx, settings, expired(member, tx.now), lot, downBy(event.data))
    else if (isEvent(OrderCancelled, event) && event.data.complete) reverse(tx, settings, expired(member, tx.now), lot, lot.total ?? 0)
  })

function* earn(tx: Tx, settings: LoyaltySettings, data: DataOf<typeof OrderPlaced>) {
  if (data.customer === undefined) return
  const customer = settings.customerOf(tx, data.customer)
  const known = tx.get(Members, customer)
  if (known === undefined && !settings.everybody) return
  const member = known ?? (yield* enrolled(tx, settings, customer))
  if (member.lots.some(({ order }) => order === data.order)) return
  const points = Math.max(0, Math.floor(settings.earn(data, member.tier)))
  if (!Number.isSafeInteger(points) || points === 0) return
  const lot = { ...newLot(tx, settings, points, settings.pending), order: data.order, earned: points, total: data.total.amount, down: 0 }
  change(tx, settings, member, withLot(member, lot), "earned", { reference: data.order, lot })
}

/** By how much an order has come down. */
const downBy = ({ goods, charges, fees }: DataOf<typeof RefundDue>): number =>
  goods.amount + charges.amount - fees.reduce((sum, { amount }) => sum + amount.amount, 0)

/** An order keeps the share of its points that it keeps of its total; what was spent of the others is owed. */
const reverse = (tx: Tx, settings: LoyaltySettings, member: Member, { id, ...lot }: PointsLot, by: number): void => {
  const { total = 0, earned = lot.points } = lot
  const down = Math.min(total, Math.max(0, (lot.down ?? 0) + by))
  const keeps = total === 0 ? 0 : Math.floor((earned * (total - down)) / total)
  const points = Math.max(0, lot.points - keeps)
  const lots = member.lots.map((one) => (one.id === id ? { ...one, down, points: one.points - points } : one))
  // Out of this order's own first, then out of what else there is.
  const own = takeFrom(lots, points, (one) => one.id === id)
  const others = takeFrom(own.lots, own.missing, () => true)
  const after = { ...member, lots: others.lots, owed: member.owed + others.missing }
  change(tx, settings, member, after, "reversed", lot.order === undefined ? {} : { reference: lot.order })
}
