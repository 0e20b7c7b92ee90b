import type { Order } from "@omni/orders"
import { assert, it } from "vitest"

import type * as goodsFile from "../src/goods.ts"

// Not public, so they are reached by their address.
const { noteBack, noteSent }: typeof goodsFile = await import(new URL("../src/goods.ts", import.meta.url).href)

type CameBack = goodsFile.CameBack

const LINES = 500

const order = {
  id: "o",
  lines: Array.from({ length: LINES }, (_, i) => ({ id: String(i), sku: `a${i}`, parts: [{ count: 4, status: "shipped" }] }))
} as never as Order
const named = (i: number, count = 4): CameBack => ({
  line: String(i),
  quantity: count,
  ...(i % 2 === 0 ? { lots: [{ lot: `L${i}`, quantity: count }] } : { serials: Array.from({ length: count }, (_, at) => `S${i}-${at}`) })
})
const all = Array.from({ length: LINES }, (_, i) => named(i))

/** A transaction that has the goods of the order, and counts how often it is read of which line each is. */
const keeping = () => {
  let goods: ReadonlyArray<{ readonly line: string; readonly number: string; readonly quantity: number; readonly back: number }> | undefined
  let reads = 0
  const tx = {
    get: () =>
      goods === undefined
        ? undefined
        : {
            goods: goods.map((one) => Object.defineProperty({ ...one }, "line", { enumerable: true, get: () => (reads++, one.line) }))
          },
    put: (_: unknown, _id: string, row: { goods: typeof goods }) => {
      goods = row.goods?.map((one) => ({ ...one }))
      return row
    }
  }
  return { tx: tx as never as Parameters<typeof noteSent>[0], goods: () => goods!, reads: () => reads }
}

it("notes the lots and pieces of a large order, there and back, by looking at each a few times", () => {
  const { tx, goods, reads } = keeping()
  noteSent(tx, order, all)
  noteSent(
    tx,
    order,
    all.filter(({ lots }) => lots !== undefined)
  )
  assert.equal(goods().length, LINES / 2 + 4 * (LINES / 2))
  assert.equal(goods().find(({ number }) => number === "L0")?.quantity, 8)
  assert.isTrue(noteBack(tx, order, all).next().done)
  assert.isTrue(goods().every(({ back }) => back > 0))
  assert.isAtMost(reads(), 20 * goods().length)
  const again = noteBack(tx, order, [named(1, 1), named(2, 5)]).next()
  assert.deepEqual(
    (again.value as { readonly problems: ReadonlyArray<object> }).problems,
    [
      { code: "wrong-serial", at: "1", named: "S1-0" },
      { code: "wrong-lot", at: "2", named: "L2" }
    ],
    "what is back does not come back"
  )
})
