import type { Omni } from "@omni/core"
import { type inventory, Outside, type StockLevel } from "@omni/inventory"
import { assert } from "vitest"

export type Shop = Omni<{ readonly inventory: ReturnType<typeof inventory> }>

/** All that the shop has, page by page. */
const all = async <A>(
  page: (after: { readonly after?: string }) => Promise<{ readonly items: ReadonlyArray<A>; readonly cursor?: string }>
) => {
  const items: Array<A> = []
  for (let after: { readonly after?: string } = {}; ;) {
    const found = await page(after)
    items.push(...found.items)
    if (found.cursor === undefined) return items
    after = { after: found.cursor }
  }
}

const STATES = { "on-hand": "onHand", damaged: "damaged", "quality-control": "qualityControl", "in-transit": "inTransit" } as const

/** What holds of which ids keep: the shop has no list of them. */
export interface Known {
  readonly skus: ReadonlyArray<string>
  readonly locations: ReadonlyArray<string>
  readonly holds: Iterable<string>
  readonly now: number
  /** How far below nothing what is available may go; infinitely where facts were replayed. */
  readonly credit: number
}

/**
 * The laws of stock, from what anybody can read: movements are double entries, and sum up to every state of every stock; what is reserved
 * and allocated is what live holds keep; lots and pieces sum up to what they are of; what is on its way is what inbounds say; nothing is
 * promised that is not there.
 */
export const audit = async (shop: Shop, { skus, locations, holds, now, credit }: Known): Promise<void> => {
  const levels = new Map<string, StockLevel>()
  for (const location of locations)
    for (const { row } of await all((after) => shop.inventory.levels({ location, limit: 500, ...after })))
      levels.set(JSON.stringify([row.sku, location]), row)
  const accounts = new Map<string, number>()
  const add = (key: ReadonlyArray<string>, quantity: number) =>
    accounts.set(JSON.stringify(key), (accounts.get(JSON.stringify(key)) ?? 0) + quantity)
  for (const sku of skus)
    for (const location of locations)
      for (const { row } of await all((after) => shop.inventory.movements({ sku, location, limit: 500, ...after }))) {
        assert.isAbove(row.quantity, 0)
        add([sku, row.from], -row.quantity)
        add([sku, row.to], row.quantity)
      }
  const promised = new Map<string, { reserved: number; allocated: number }>()
  for (const id of holds) {
    const hold = await shop.inventory.holdById({ hold: id })
    if (hold.status !== "held" || (hold.expiresAt !== undefined && hold.expiresAt <= now)) continue
    for (const line of hold.lines)
      for (const part of line.parts ?? [{ sku: line.sku, quantity: 1 }]) {
        const key = JSON.stringify([part.sku, line.location])
        const sum = promised.get(key) ?? { reserved: 0, allocated: 0 }
        sum[hold.for === "order" ? "allocated" : "reserved"] += part.quantity * line.held
        promised.set(key, sum)
      }
  }
  const due = new Map<string, { incoming: number; inTransit: number }>()
  for (const { row } of await all((after) => shop.inventory.inbounds({ limit: 500, ...after })))
    for (const { sku, location, quantity, received, missing } of row.lines) {
      const key = JSON.stringify([sku, location])
      const sum = due.get(key) ?? { incoming: 0, inTransit: 0 }
      const open = Math.max(0, quantity - received - missing)
      sum.incoming += open
      if (row.kind === "transfer") sum.inTransit += open
      due.set(key, sum)
    }
  for (const [key, level] of levels) {
    const { sku, location, onHand, reserved, allocated, safetyStock, available, incoming, inTransit } = level
    for (const [state, field] of Object.entries(STATES) as Array<[keyof typeof STATES, (typeof STATES)[keyof typeof STATES]]>)
      assert.equal(
        level[field],
        accounts.get(JSON.stringify([sku, `${state}@${location}`])) ?? 0,
        `${key}: ${state} is the sum of its movements`
      )
    assert.deepEqual(
      { reserved, allocated },
      promised.get(key) ?? { reserved: 0, allocated: 0 },
      `${key}: promises are what live holds keep`
    )
    assert.deepEqual(
      { incoming, inTransit },
      due.get(key) ?? { incoming: 0, inTransit: 0 },
      `${key}: what is on its way is what inbounds say`
    )
    assert.equal(available, onHand - reserved - allocated - safetyStock)
    assert.isAtLeast(onHand - reserved - allocated, -credit, `${key}: more is promised than there is`)
  }
  for (const sku of skus) {
    const inside = [...levels.values()].filter((level) => level.sku === sku)
    const total = inside.reduce(
      (sum, { onHand, damaged, qualityControl, inTransit }) => sum + onHand + damaged + qualityControl + inTransit,
      0
    )
    const outside = Outside.options.reduce((sum, account) => sum + (accounts.get(JSON.stringify([sku, account])) ?? 0), 0)
    assert.equal(total + outside, 0, `${sku}: what is inside came from outside`)
    for (const { row } of await all((after) => shop.inventory.lots({ sku, limit: 500, ...after })))
      for (const [state, field] of Object.entries(STATES)) {
        const sum = row.lots.filter((lot) => lot.state === state).reduce((total, lot) => total + lot.quantity, 0)
        assert.equal(sum, levels.get(JSON.stringify([sku, row.location]))![field], `${sku} at ${row.location}: its lots in ${state}`)
      }
  }
}
