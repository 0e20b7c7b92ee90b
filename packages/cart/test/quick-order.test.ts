import { parseSkuList } from "@omni/cart"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

const rowsOf = (text: string) => parseSkuList(text).rows.map(({ sku, quantity }) => [sku, quantity])

it("reads lists as people write them", () => {
  const two = [
    ["A-1", 2],
    ["B", 1]
  ]
  for (const text of [
    "A-1,2\nB",
    "A-1;2\r\nB;",
    "\uFEFFSKU\tQuantity\nA-1\t2\nB\t1\n",
    '"A-1"; "2"\n\n"B";1',
    "Menge|SKU\n2|A-1\n1|B",
    "A-1,2.0\rB,1"
  ])
    assert.deepEqual(rowsOf(text), two, JSON.stringify(text))
  assert.deepEqual(rowsOf('"a ""quoted"", SKU",3\n"two\nlines",1'), [['a "quoted", SKU', 3]])
})

it("reads any table that RFC 4180 writes, whatever is in its fields", () => {
  const sku = fc
    .string({ minLength: 1, maxLength: 20, unit: fc.constantFrom("A", "b", "7", '"', ",", ";", "\t", "|", "-", " ", "é") })
    .map((text) => `X${text}X`)
  const row = fc.record({ sku, quantity: fc.integer({ min: 1, max: 1_000_000 }) })
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 30 }),
      fc.constantFrom(",", ";", "\t", "|"),
      fc.constantFrom("\n", "\r\n"),
      (rows, separator, end) => {
        // Fields with control characters are no SKUs.
        const plain = rows.filter((one) => !one.sku.includes("\t"))
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
        const text = ["SKU", ...plain.map((one) => quoted(one.sku))]
          .map((first, i) => `${first}${separator}${i === 0 ? "Qty" : plain[i - 1]!.quantity}`)
          .join(end)
        assert.deepEqual(
          parseSkuList(text).rows.map(({ sku: read, quantity }) => ({ sku: read, quantity })),
          plain
        )
      }
    )
  )
})

it("accounts for every row and never throws, whatever it is given", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300, unit: fc.constantFrom("A", "1", '"', ",", ";", "\n", "\r", " ", "\u0000", "-") }), (text) => {
      const { rows, rejected } = parseSkuList(text)
      const numbers = [...rows, ...rejected].map(({ row }) => row)
      assert.equal(new Set(numbers).size, numbers.length)
      for (const { quantity } of rows) assert.isTrue(Number.isInteger(quantity) && quantity >= 1)
    }),
    { numRuns: 500 }
  )
})

it("is bounded for huge and hostile lists", () => {
  const before = performance.now()
  const long = parseSkuList("A,1\n".repeat(200_000))
  assert.equal(long.rows.length, 1_000)
  assert.deepEqual(
    long.rejected.map(({ reason }) => reason),
    ["too-many-rows"]
  )
  const open = parseSkuList('"A,1\n'.repeat(100_000))
  assert.isAtMost(open.rows.length + open.rejected.length, 1_001)
  assert.isBelow(parseSkuList("A".repeat(1_000_000)).rejected[0]?.text.length ?? 0, 201)
  assert.isBelow(performance.now() - before, 10_000)
})

it("puts a list into a cart, and says by row what it could not take", async () => {
  const shop = await openShop()
  await shop.catalog.putVariant({ id: "us-1", product: "case", sku: "US", prices: [{ amount: 100, currency: "USD" }] })
  const list = 'SKU;Qty\nCASE;2\nNONE;1\nBOOK;0\nCASE;3\nUS;1\n;4\nSHAVER;-1\nBOOK;1e21\n"open;1\nBOOK'
  const { cart, rejected, priced } = await shop.cart.quickOrder({ customer: "p1", list }, { key: "upload-1" })
  assert.deepEqual(
    cart.lines.map(({ sku, quantity }) => [sku, quantity]),
    [
      ["CASE", 5],
      ["BOOK", 1]
    ]
  )
  assert.deepEqual(
    rejected.map(({ row, reason }) => [row, reason]),
    [
      [3, "unknown-sku"],
      [4, "no-quantity"],
      [6, "no-price"],
      [7, "no-sku"],
      [8, "no-quantity"],
      [9, "no-quantity"],
      [10, "unclosed-quote"]
    ]
  )
  assert.equal(priced.totals.gross.amount, 5 * 1_990 + 1_250)
  const again = await shop.cart.quickOrder({ customer: "p1", list }, { key: "upload-1" })
  assert.equal(again.cart.lines[0]?.quantity, 5)
  const huge = await shop.cart.safe.quickOrder({ customer: "p1", list: "A".repeat(1_000_001) })
  assert.isTrue(!huge.ok && huge.error._tag === "InvalidInput")
})

it("never takes a thousand for one, nor fewer pieces than were ordered", async () => {
  for (const written of ["1.000", "1,000", "1 000", "1e3", "١"]) {
    const { rows, rejected } = parseSkuList(`SKU;Qty\nCASE;"${written}"`)
    assert.deepEqual([rows, rejected.map(({ reason }) => reason)], [[], ["no-quantity"]], written)
  }
  assert.deepEqual(rowsOf("SKU;Stk.\nA;5,00\nB;7.0"), [
    ["A", 5],
    ["B", 7]
  ])
  const shop = await openShop()
  const tooMany = await shop.cart.safe.quickOrder({ customer: "p1", list: "CASE,600000\nCASE,600000" })
  assert.isTrue(!tooMany.ok && tooMany.error._tag === "CartFull")
  await shop.cart.quickOrder({ customer: "p1", list: "CASE,600000" })
  const more = await shop.cart.safe.quickOrder({ customer: "p1", list: "CASE,600000" })
  assert.isTrue(!more.ok && more.error._tag === "CartFull")
  assert.equal((await shop.cart.cart({ customer: "p1" })).cart.lines[0]?.quantity, 600_000)
})

it("does not take a quantity for an article where the heading of the articles is none that it knows", () => {
  assert.deepEqual(rowsOf("Menge;Bestellnummer\n2;4711\n3;4712"), [
    ["4711", 2],
    ["4712", 3]
  ])
  assert.deepEqual(rowsOf("Bestellnummer;Name;Menge\n4711;Shaver;2"), [["4711", 2]])
})
