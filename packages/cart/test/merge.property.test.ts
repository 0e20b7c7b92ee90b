import { type CartLine, mergeLines, MergePolicy } from "@omni/cart"
import { createOmni, event, module } from "@omni/core"
import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { assert, it } from "vitest"
import * as z from "zod"

import { appOver, modules, openShop, stockUp } from "./shop.ts"

const line: fc.Arbitrary<CartLine> = fc
  .record({
    id: fc.constantFrom("a", "b", "c", "d"),
    variant: fc.constantFrom("x", "y", "z"),
    quantity: fc.integer({ min: 1, max: 9 }),
    colour: fc.constantFrom("red", "blue"),
    addedAt: fc.integer({ min: 0, max: 5 })
  })
  .map(({ id, variant, quantity, colour, addedAt }) => ({
    id,
    variant,
    product: variant,
    sku: variant,
    quantity,
    options: { colour },
    custom: {},
    channel: "web",
    addedAt
  }))

/** Line ids are unique in a cart; two carts may call different things by one id. */
const lines = fc.uniqueArray(line, { selector: ({ id }) => id })

/** Line ids that name the same thing wherever they are, as those of copies of one cart do. */
const copies = lines.map((all) => all.map((one) => ({ ...one, variant: one.id < "c" ? "x" : "y", options: { colour: "red" } })))

type Merge = (from: ReadonlyArray<CartLine>, into: ReadonlyArray<CartLine>) => ReadonlyArray<CartLine>
const by =
  (policy: MergePolicy): Merge =>
  (from, into) =>
    mergeLines(from, into, policy)

/** How many of what there are; the order of lines and which id survives do not count. */
const wanted = (all: ReadonlyArray<CartLine>): Readonly<Record<string, number>> => {
  const sum: Record<string, number> = {}
  for (const { variant, options, quantity } of all)
    sum[`${variant}/${options["colour"]}`] = (sum[`${variant}/${options["colour"]}`] ?? 0) + quantity
  return sum
}
const byId = (all: ReadonlyArray<CartLine>) => Object.fromEntries(all.map(({ id, quantity }) => [id, quantity]))

/** Of each thing one line, as in a cart that was filled without line ids. */
const single = lines.map((all) => all.filter((one, at) => all.findIndex((other) => keyOf(other) === keyOf(one)) === at))
const keyOf = ({ variant, options }: CartLine) => `${variant}/${options["colour"]}`

/** Which of two says last how many there are to be; of one change, the greater figure. */
const lastOf = (a: CartLine, b: CartLine): CartLine => {
  if (a.addedAt !== b.addedAt) return a.addedAt > b.addedAt ? a : b
  return a.id === b.id ? (a.quantity > b.quantity ? a : b) : a.id > b.id ? a : b
}

const oracle = (policy: "max" | "add" | "incoming-quantity", from: ReadonlyArray<CartLine>, into: ReadonlyArray<CartLine>) => {
  const [a, b] = [wanted(from), wanted(into)]
  const of = (key: string): number => {
    if (policy === "add") return (a[key] ?? 0) + (b[key] ?? 0)
    return policy === "max" ? Math.max(a[key] ?? 0, b[key] ?? 0) : (a[key] ?? b[key] ?? 0)
  }
  return Object.fromEntries([...Object.keys(a), ...Object.keys(b)].map((key) => [key, of(key)]))
}

it("has of everything what the policy says", () => {
  fc.assert(
    fc.property(fc.constantFrom("max", "add", "incoming-quantity"), lines, lines, (policy, from, into) => {
      assert.deepEqual(wanted(by(policy)(from, into)), oracle(policy, from, into))
    })
  )
})

it("takes what was said last, by the time of the change: replace", () => {
  fc.assert(
    fc.property(single, single, (from, into) => {
      const said = [...Map.groupBy([...from, ...into], keyOf)].map(([key, all]) => [key, all.reduce(lastOf).quantity])
      assert.deepEqual(wanted(by("replace")(from, into)), Object.fromEntries(said))
    })
  )
})

it("takes the lines of one cart alone, where the policy says so", () => {
  fc.assert(
    fc.property(lines, lines, (from, into) => {
      assert.deepEqual(by("use-incoming")(from, into), from)
      assert.deepEqual(by("use-existing")(from, into), into)
      assert.deepEqual(by("use-incoming-if-empty")(from, into), into.length === 0 ? from : into)
    })
  )
})

it("does not depend on the direction: max, add, replace, keep-both", () => {
  fc.assert(fc.property(single, single, (a, b) => assert.deepEqual(wanted(by("replace")(a, b)), wanted(by("replace")(b, a)))))
  fc.assert(
    fc.property(lines, lines, (a, b) => {
      for (const policy of ["max", "add"] as const) assert.deepEqual(wanted(by(policy)(a, b)), wanted(by(policy)(b, a)))
    })
  )
  fc.assert(fc.property(copies, copies, (a, b) => assert.deepEqual(byId(by("keep-both")(a, b)), byId(by("keep-both")(b, a)))))
  fc.assert(
    fc.property(lines, lines, (a, b) => {
      assert.deepEqual(wanted(by("keep-both")(a, b)), wanted(by("keep-both")(b, a)))
    })
  )
})

it("does not depend on the grouping: max, add, replace, keep-both", () => {
  fc.assert(
    fc.property(single, single, single, (a, b, c) => {
      const merge = by("replace")
      assert.deepEqual(wanted(merge(merge(a, b), c)), wanted(merge(a, merge(b, c))))
    })
  )
  fc.assert(
    fc.property(lines, lines, lines, (a, b, c) => {
      for (const policy of ["max", "add"] as const) {
        const merge = by(policy)
        assert.deepEqual(wanted(merge(merge(a, b), c)), wanted(merge(a, merge(b, c))))
      }
    })
  )
  fc.assert(
    fc.property(copies, copies, copies, (a, b, c) => {
      const merge = by("keep-both")
      assert.deepEqual(byId(merge(merge(a, b), c)), byId(merge(a, merge(b, c))))
    })
  )
})

it("may be repeated without harm: max, replace, keep-both", () => {
  fc.assert(
    fc.property(lines, lines, (a, b) => {
      for (const policy of ["max", "replace", "incoming-quantity"] as const)
        assert.deepEqual(wanted(by(policy)(a, by(policy)(a, b))), wanted(by(policy)(a, b)))
    })
  )
  fc.assert(
    fc.property(copies, copies, (a, b) => {
      assert.deepEqual(byId(by("keep-both")(a, by("keep-both")(a, b))), byId(by("keep-both")(a, b)))
    })
  )
})

it("keeps line ids unique, under every policy", () => {
  fc.assert(
    fc.property(fc.constantFrom(...MergePolicy.options), lines, lines, (policy, a, b) => {
      const ids = by(policy)(a, b).map(({ id }) => id)
      assert.equal(new Set(ids).size, ids.length)
    })
  )
})

it("merges the carts of two customers who are one when it is recorded, and honours what either was given", async () => {
  const Merged = event("test.Merged", z.object({ from: z.string(), into: z.string() }))
  let known = false
  const merging = { customersMerged: Merged, identities: (_: unknown, id: string) => (known ? ["p1", "visitor"] : [id]) }
  const people = module("people", { events: [Merged] })
  const shop = createOmni({ store: memory(), modules: { ...modules(merging), people } }).as({ kind: "customer", channel: "web" })
  await stockUp(shop)
  await shop.drain()
  await shop.cart.issueCoupon({ code: "WELCOME", customer: "visitor", name: "Welcome", value: { type: "percentage", percent: 20 } })
  await shop.cart.add({ customer: "visitor", variant: "shaver-1" })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  known = true
  await shop.transact(function* (tx) {
    tx.emit(Merged, "visitor", { from: "visitor", into: "p1" })
  })
  await shop.drain()
  const { cart } = await shop.cart.cart({ customer: "visitor" })
  assert.equal(cart.customer, "p1")
  assert.sameMembers(
    cart.lines.map(({ sku }) => sku),
    ["SHAVER", "CASE"]
  )
  const seen = await shop.cart.applyCoupon({ customer: "p1", code: "WELCOME" })
  assert.equal(seen.priced.totals.gross.amount, 9_512)
  await shop.close()
})

it("joins carts and keeps what the visitor was given", async () => {
  const shop = await openShop({ merge: "add" })
  const { cart } = await shop.cart.add({ variant: "case-1", quantity: 2 })
  await shop.cart.issueCoupon({ code: "ALL", name: "All", value: { type: "percentage", percent: 50 } })
  await shop.cart.applyCoupon({ cart: cart.id, code: "ALL" })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const merged = await shop.cart.merge({ from: { cart: cart.id }, into: { customer: "p1" } })
  const again = await shop.cart.merge({ from: { cart: cart.id }, into: { customer: "p1" } })
  assert.deepEqual(
    merged?.cart.lines.map(({ quantity }) => quantity),
    [3]
  )
  assert.deepEqual(again?.cart.lines, merged?.cart.lines)
  assert.equal(again?.priced.totals.gross.amount, 2_985)
})

it("counts each source cart once, however often and from wherever it is merged: add", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }), async (visitors, times) => {
      const store = memory()
      const shops = [appOver(store, { merge: "add" }), appOver(store.shared(), { merge: "add" })] as const
      await stockUp(shops[0])
      await shops[0].cart.add({ customer: "p1", variant: "case-1" })
      const carts: Array<string> = []
      for (let i = 0; i < visitors; i++) carts.push((await shops[0].cart.add({ variant: "case-1", quantity: 2 })).cart.id)
      const calls = carts.flatMap((cart) => Array.from({ length: times }, (_, at) => ({ cart, shop: shops[at % 2]! })))
      await Promise.all(calls.map(({ cart, shop }) => shop.cart.merge({ from: { cart }, into: { customer: "p1" } })))
      const { cart } = await shops[0].cart.cart({ customer: "p1" })
      assert.deepEqual(
        cart.lines.map(({ quantity }) => quantity),
        [1 + 2 * visitors]
      )
      for (const shop of shops) await shop.close()
    }),
    { numRuns: 15 }
  )
})

it("keeps the cart that has something in it, and what the other has removed", async () => {
  const shop = await openShop()
  const { cart: own } = await shop.cart.add({ customer: "p1", variant: "case-1", line: "tap" })
  await shop.cart.remove({ customer: "p1", line: "tap" })
  const { cart: visitors } = await shop.cart.add({ variant: "shaver-1" })
  const merged = await shop.cart.merge({ from: { cart: visitors.id }, into: { customer: "p1" } })
  assert.deepEqual([merged?.cart.id, merged?.cart.customer], [visitors.id, "p1"])
  const again = await shop.cart.add({ cart: own.id, variant: "case-1", line: "tap" })
  assert.deepEqual([again.cart.id, again.cart.lines.map(({ sku }) => sku)], [visitors.id, ["SHAVER"]])
  assert.equal((await shop.cart.cart({ customer: "p1" })).cart.id, visitors.id)
})
