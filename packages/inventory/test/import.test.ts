import { createOmni, type ImportProgress, type RejectedRow } from "@omni/core"
import { memory } from "@omni/core/memory"
import { importStock, inventory } from "@omni/inventory"
import { faulty } from "@omni/testkit"
import { assert, it } from "vitest"

import { shop } from "./shop.ts"

async function* rows(count: number, bad: ReadonlyMap<number, unknown> = new Map()) {
  for (let row = 0; row < count; row++) yield bad.has(row) ? bad.get(row) : { sku: `article ${row}`, location: "lyon", quantity: row % 7 }
}
const pieces = (count: number, skip: (row: number) => boolean = () => false) =>
  Array.from({ length: count }, (_, row) => (skip(row) ? 0 : row % 7)).reduce((a, b) => a + b, 0)
const onHand = async ({ stock }: Pick<ReturnType<typeof shop>, "stock">) => {
  let sum = 0
  for (let after: { after?: string } = {}; ;) {
    const page = await stock.levels({ location: "lyon", limit: 1000, ...after })
    sum += page.items.reduce((total, { row }) => total + row.onHand, 0)
    if (page.cursor === undefined) return sum
    after = { after: page.cursor }
  }
}

it("streams rows in, says how far it is, and rejects those that are none with their number and why", async () => {
  const opened = shop()
  const bad = new Map<number, unknown>([
    [3, { sku: "article 3", location: "lyon", quantity: -1 }],
    [57, "nonsense"],
    [58, { sku: "article 58", location: "lyon", quantity: Number.NaN }],
    [59, { sku: "article 59", location: "lyon", quantity: 1.5 }],
    [60, { sku: "article 60", location: "lyon", quantity: 1e15 }]
  ])
  const rejected: Array<RejectedRow> = []
  const steps: Array<number> = []
  const done = await importStock(opened.stock, rows(250, bad), {
    name: "erp",
    chunk: 40,
    onReject: (row) => rejected.push(row),
    onProgress: ({ next }) => steps.push(next)
  })
  assert.deepEqual(done, { next: 250, corrected: done.corrected, matched: 245 - done.corrected, superseded: 0, rejected: 5 })
  assert.deepEqual(
    rejected.map(({ row, issues }) => [row, issues.map(({ path }) => path).join()]),
    [
      [3, "quantity"],
      [57, ""],
      [58, "quantity"],
      [59, "quantity"],
      [60, "quantity"]
    ]
  )
  assert.equal(
    await onHand(opened),
    pieces(250, (row) => bad.has(row))
  )
  assert.deepEqual(
    steps,
    [...steps].sort((a, b) => a - b)
  )
  assert.equal(steps.at(-1), 250)
})

it("rejects what only the stock knows to be wrong, and takes the rows beside it", async () => {
  const opened = shop()
  const { stock } = opened
  for (let row = 0; row < 100; row++) if (row % 30 !== 7) await stock.defineArticle({ sku: `article ${row}` })
  await stock.requireDeclared({ skus: true, locations: false })
  const rejected: Array<RejectedRow> = []
  const done = await importStock(stock, rows(100), { name: "erp", chunk: 50, onReject: (row) => rejected.push(row) })
  assert.deepEqual(
    rejected.map(({ row, issues }) => [row, issues[0]?.path, issues[0]?.message]),
    [7, 37, 67, 97].map((row) => [row, "lines.0.sku", `there is no article "article ${row}"`])
  )
  assert.equal(done.rejected, 4)
  assert.equal(
    await onHand(opened),
    pieces(100, (row) => row % 30 === 7)
  )
})

it("is gone on with where it was broken off, and takes nothing twice", async () => {
  const opened = shop()
  const { stock } = opened
  let far: ImportProgress<"corrected"> | undefined
  const broken = importStock(stock, rows(300), {
    name: "erp",
    chunk: 25,
    onProgress: (progress) => {
      far = progress
      if (progress.next >= 150) throw new Error("pulled the plug")
    }
  })
  assert.match(String(await broken.catch((error: unknown) => error)), /pulled the plug/)
  // Meanwhile the shop is open.
  await stock.sell({ lines: [{ sku: "article 6", location: "lyon", quantity: 2 }] })
  await importStock(stock, rows(300), { name: "erp", chunk: 25, from: far!.next })
  assert.equal(await onHand(opened), pieces(300) - 2)
  // From the beginning, too: what was taken under this name is not taken again.
  await importStock(stock, rows(300), { name: "erp", chunk: 25 })
  assert.equal(await onHand(opened), pieces(300) - 2)
})

it("takes every row once on a store that fails", async () => {
  const driver = faulty(memory(), { seed: 11, rates: { before: 0.1, after: 0.2, late: 0.1, conflict: 0.1 } })
  const omni = createOmni({ store: driver, modules: { inventory: inventory() } })
  await importStock(omni.inventory, rows(300), { name: "erp", chunk: 20 })
  driver.heal()
  await driver.settled()
  assert.equal(await onHand({ stock: omni.inventory }), pieces(300))
  assert.isAbove(driver.injected.length, 5)
  await omni.close()
})
