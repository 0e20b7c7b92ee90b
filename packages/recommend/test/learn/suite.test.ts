import { assert, it } from "vitest"

import { findSuite } from "../../../../scripts/conform/find.ts"
import { type Outcome, runFile } from "../../../../scripts/conform/run.ts"
import { figuresOf } from "../../conform/recommend/measure.ts"
import { splitAt, splitOf } from "../../conform/recommend/split.ts"
import { transactionsOf } from "../../conform/recommend/transactions.ts"

const RETAIL = `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
3,22633,"HAND ""WARMER"", RED",2,2011-02-01 10:00:00,1.85,17850.0,United Kingdom
1,85123A,HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
1,85123a,HOLDER,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
C2,85123A,HOLDER,-6,2010-12-02 08:26:00,2.55,17850.0,United Kingdom
4,POST,POSTAGE,1,2011-02-01 10:00:00,18,17850.0,France
5,22633,WARMER,1,2011-02-01 10:00:00,1.85,,France
6,22633,WARMER,0,2011-02-01 10:00:00,1.85,13000.0,France
7,22633,WARMER,1,yesterday,1.85,13000.0,France
8,22633,"WARMER
9,22633,WARMER,1,2011-02-03 10:00:00,1.85,13000.0,France
`

const JOURNEY = `household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,coupon_match_disc,week,transaction_timestamp
2,309,b2,p1,1,3.86,0.43,0,0,5,2017-02-28T19:06:53Z\r
1,309,b1,p1,1,3.86,0.43,0,0,5,2017-01-28T19:06:53Z\r
1,309,b3,p1,1,3.86,0.43,0,0,5,2017-03-01T00:00:00Z\r
1,309,b3,p2,1,3.86,0.43,0,0,5,2017-03-01T00:00:00Z`

it("reads both forms in any order of rows, and counts the rows that are no sale by reason", () => {
  const { baskets, left, rows } = transactionsOf(RETAIL)
  assert.equal(rows, 10)
  assert.deepEqual(left, { cancelled: 1, "no goods": 1, "nobody known": 1, "no quantity": 1, "no date": 1, broken: 1 })
  assert.deepEqual(
    baskets.map(({ at, items, person }) => ({ at: new Date(at).toISOString(), items, person })),
    [
      { at: "2011-02-01T10:00:00.000Z", items: ["22633"], person: "17850" },
      { at: "2010-12-01T08:26:00.000Z", items: ["85123A"], person: "17850" },
      { at: "2011-02-03T10:00:00.000Z", items: ["22633"], person: "13000" }
    ]
  )
  assert.lengthOf(transactionsOf(JOURNEY).baskets, 3)
  assert.throws(() => transactionsOf("a,b\n1,2\n"), /the columns are a, b, but expected are InvoiceNo/)
})

it("learns from nothing at or after the split, and asks for the first basket from it on, new and had apart", () => {
  const { baskets } = transactionsOf(JOURNEY)
  const split = splitOf(baskets, splitAt("2017-03-01"))
  assert.lengthOf(split.train, 2)
  assert.deepEqual(
    split.asked.map(({ again, fresh, person }) => ({ person, again: [...again], fresh: [...fresh] })),
    [{ person: "1", again: ["p1"], fresh: ["p2"] }]
  )
  assert.deepEqual(
    splitOf(baskets, splitAt("2017-02-01")).strangers.map((items) => [...items]),
    [["p1"]]
  )
  for (const outside of ["2017-01-01", "2017-04-01"])
    assert.throws(() => splitOf(baskets, splitAt(outside)), /from 2017-01-28 to 2017-03-01/)
  for (const wrong of ["", "soon", undefined]) assert.throws(() => splitAt(wrong), /expected is a date/)
  assert.throws(() => splitOf([], 0), /no sale/)
})

it("measures recall, NDCG and hits of the first ten, as worked out by hand", () => {
  const wanted = new Set(["a", "b"])
  const { persons, ...figures } = figuresOf(
    [
      { given: ["x", "a"], wanted },
      { given: ["x"], wanted },
      { given: ["a"], wanted: new Set<string>() }
    ],
    4
  )
  assert.equal(persons, 2)
  const gain = 1 / Math.log2(3)
  assert.closeTo(figures["ndcg@10"], gain / (1 + gain) / 2, 1e-12)
  assert.deepInclude(figures, { "recall@10": 0.25, hitRate: 0.5, coverage: 0.5 })
  const eleven = Array.from("abcdefghijk")
  assert.equal(figuresOf([{ given: eleven, wanted: new Set(eleven) }], 11)["recall@10"], 1)
})

/** Ten households, each of which buys one of two things in the first month and in the second. */
const small = (second: string): string =>
  [
    "household_id,basket_id,product_id,transaction_timestamp",
    ...Array.from({ length: 10 }, (_, at) => `${at},a${at},p${at % 2},2017-01-1${at}T10:00:00Z`),
    ...Array.from({ length: 10 }, (_, at) => `${at},b${at},${second},2017-02-1${at}T10:00:00Z`)
  ].join("\n")

it("answers for small files too: nobody with repeats, nothing that was ever sold before", async () => {
  const { suite } = await findSuite("recommend")
  const file = { name: "small.csv", text: small("p9"), beside: () => undefined }
  const outcomesAt = async (split: string): Promise<ReadonlyArray<Outcome>> => {
    const all: Array<Outcome> = []
    for await (const outcome of runFile(suite, file, {}, { split })) all.push(outcome)
    return all
  }
  const outcomes = await outcomesAt("2017-02-01")
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["passed", "passed", "passed", "passed"]
  )
  const [outside] = await outcomesAt("2018-02-01")
  assert.equal(outside?.status, "failed")
  assert.match(JSON.stringify(outside?.got), /expected is a date inside the file/)
}, 60_000)

it("measures by how many days an expected date is off, with quantities and without", async () => {
  const day = (at: number): string => new Date(Date.UTC(2017, 0, 1 + at)).toISOString()
  // Ten days for one of it, and of the last purchase there was more: it lasts 32 ** 0.2 = 2 times as long.
  const rows = [0, 10, 20, 40].map((at) => `1,b${at},tea,${at === 20 ? 32 : 1},${day(at)}`)
  const text = ["household_id,basket_id,product_id,quantity,transaction_timestamp", ...rows].join("\n")
  const { suite } = await findSuite("replenishment")
  const all: Array<Outcome> = []
  for await (const outcome of runFile(suite, { name: "small.csv", text, beside: () => undefined }, {}, { split: day(30) }))
    all.push(outcome)
  assert.deepEqual(
    all.map(({ got, status, want }) => ({ got, status, want })),
    [10, 10].map((without) => ({ got: 0, status: "passed" as const, want: { atMost: without * 2 } }))
  )
})
