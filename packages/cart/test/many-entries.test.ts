import { credit, storeCreditId } from "@omni/cart"
import { createOmni, type Tx } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { orders } from "@omni/orders"
import { assert, it } from "vitest"

import { over } from "../../../scripts/test/over.ts"
import type * as ledgerFile from "../src/credit/ledger.ts"
import { euros, Merged, people, start } from "./credit-shop.ts"
import { clockAt } from "./shop.ts"

// Not public, so it is reached by its address.
const { moveCredit }: typeof ledgerFile = await import(new URL("../src/credit/ledger.ts", import.meta.url).href)

const open = () => {
  let loads = 0
  const store = over(memory(), (scope) => ({ read: (...asked) => (loads++, scope.read(...asked)) }))
  const time = clockAt(start)
  const modules = { inventory: inventory(), orders: orders(), credit: credit({ secret: "s".repeat(32), customersMerged: Merged }), people }
  return { shop: createOmni({ store, clock: time.clock, verify: false, modules }), time, loads: () => loads }
}

it("knows a balance as of any moment in few loads, however many entries there are since, and however many of one moment", async () => {
  const { shop, time, loads } = open()
  const account = storeCreditId("p1", "EUR")
  const moments: Array<number> = []
  const give = async (count: number, pass: number) => {
    const first = moments.length
    for (let from = 0; from < count; from += 50) {
      time.pass(pass)
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => {
          moments.push(time.clock.now())
          return shop.credit.issueStoreCredit({ customer: "p1", amount: euros(1), reference: String(first + from + i) })
        })
      )
    }
  }
  await give(4_000, 7)
  await give(2_500, 0)
  await give(6_500, 100_000)
  for (const at of [start - 1, moments[100]!, moments[3_999]! - 1, moments[3_999]!, moments[7_000]!, moments[9_999]! - 1]) {
    const before = loads()
    const { balance } = await shop.credit.balanceAt({ account, at })
    assert.equal(balance.amount, moments.filter((moment) => moment <= at).length)
    assert.isAtMost(loads() - before, 10)
  }
  await shop.close()
})

it("writes down once whose gift cards are, when a customer of many turns out to be another", async () => {
  const { shop } = open()
  await Promise.all(
    Array.from({ length: 300 }, (_, i) => shop.credit.issueGiftCard({ number: String(i), amount: euros(1), customer: "visitor" }))
  )
  let written = 0
  await shop.transact(function* (tx) {
    const put: Tx["put"] = (collection, id, row) => {
      if (collection.name === "credit.holders") written++
      return tx.put(collection, id, row)
    }
    const counted = new Proxy(tx, {
      get: (all, name) => {
        const found: unknown = name === "put" ? put : Reflect.get(all, name)
        return typeof found === "function" ? found.bind(all) : found
      }
    })
    moveCredit(counted, "visitor", "p1")
  })
  assert.equal((await shop.credit.creditOf({ customer: "p1", limit: 500 })).items.length, 300)
  assert.isBelow(written, 10)
  await shop.close()
})
