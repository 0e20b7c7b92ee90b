import { readFileSync } from "node:fs"
import { join } from "node:path"

import { CouponRedeemed } from "@omni/cart"
import { MessageQueued, MessageSkipped } from "@omni/channels"
import { Discrepancy, fromIso } from "@omni/core"
import { JourneyEntered } from "@omni/journeys"
import { NpsInvited } from "@omni/nps"
import { OrderPlaced } from "@omni/orders"
import { assert, it } from "vitest"

import { fileHome } from "../src/home.ts"
import { importDemo } from "../src/import/demo.ts"
import { noProgress } from "../src/import/progress.ts"
import { noPaint } from "../src/report/paint.ts"
import { type History, historyOf, writeHistory } from "./history.ts"
import { freshFolder } from "./places.ts"
import { withShop } from "./shop.ts"
import { stateOf } from "./state.ts"

/** A folder with a history, and a store to import it into. */
const place = (history: History) => {
  const folder = freshFolder()
  return { data: writeHistory(join(folder, "data"), history), store: join(folder, "shop.db"), rejects: join(folder, "shop.rejects.csv") }
}

const GOOD = "1,300,5001,1000,2,3.00,0.50,0,0,1,2017-01-05T10:00:00Z"

const bad: History = {
  products: [
    "1000,69,GROCERY,National,SOUP,SOUP,10 OZ",
    "1000,69,GROCERY,National,SOUP,SOUP,10 OZ",
    ',69,GROCERY,National,SOUP,SOUP,"10 OZ"'
  ],
  transactions: [
    GOOD,
    "1,300,5001,1000,2,3.00,0.50,0,0,1,2017-01-05T10:00:00Z",
    '1,300,5002,"1000,2,3.00,0.50,0,0,1,2017-01-05T11:00:00Z',
    "1,300,5003,1000,-2,3.00,0.50,0,0,1,2017-01-05T12:00:00Z",
    "1,300,5004,7777,1,3.00,0.50,0,0,1,2017-01-05T13:00:00Z",
    ",300,5005,1000,1,3.00,0.50,0,0,1,2017-01-05T14:00:00Z",
    "1,300,5006,1000",
    "2,300,5001,1000,1,3.00,0.50,0,0,1,2017-01-05T10:00:00Z",
    "1,300,5007,1000,1,three,0.50,0,0,1,2017-01-05T15:00:00Z",
    "1,300,5008,1000,1,3.00,0.50,0,0,1,yesterday",
    "",
    '1,300,5009,"1000",1,"3.00",0.50,0,0,1,2017-01-05T16:00:00Z',
    "1,300,5001,1000,9,9.00,0,0,0,1,2017-01-06T10:00:00Z",
    "0,300,5010,1000,1,3.00,0.50,0,0,1,2017-01-06T11:00:00Z"
  ],
  campaign_descriptions: ["7,Type A,2017-01-02,2017-01-20", "8,Type B,2017-02-01,2017-01-01"],
  campaigns: ["9,1"],
  coupons: ["51000,1000,7", "51000,1000,7", "51000,4242,7", "51000,1000,9"],
  coupon_redemptions: ["1,51000,7,2017-01-03", "1,59999,7,2017-01-03"]
}

it("rejects bad rows with their reasons, and loses none of them nor any good one", async () => {
  const { data, rejects, store } = place(bad)
  await importDemo(fileHome(store), data, noPaint, noProgress)
  const [head, ...rows] = readFileSync(rejects, "utf8").trimEnd().split("\n")
  assert.equal(head, "file,line,reason,row")
  assert.deepEqual(
    rows.map((row) => row.split(",").slice(0, 3).join(",").split(":")[0]).sort(),
    [
      "campaign_descriptions.csv,3,end_date is before the start",
      "campaigns.csv,2,names a campaign that is not described",
      'coupon_redemptions.csv,3,"CouponNotFound',
      "coupons.csv,3,tells again what a line before it has told",
      "coupons.csv,4,names a product that is not in the catalog",
      "coupons.csv,5,names a campaign that is not described",
      "products.csv.gz,3,tells again what a line before it has told",
      "products.csv.gz,4,product_id is missing",
      "transactions.csv,10,sales_value is no amount of dollars and cents",
      "transactions.csv,11,transaction_timestamp is no time",
      'transactions.csv,14,"BasketTaken',
      'transactions.csv,15,"NoUsableIdentifier',
      "transactions.csv,3,tells again what a line before it has told",
      "transactions.csv,4,its quotes are broken",
      "transactions.csv,5,quantity is not above zero",
      "transactions.csv,6,names a product that is not in the catalog",
      "transactions.csv,7,household_id is missing",
      "transactions.csv,8,has more or fewer fields than the head of the file",
      'transactions.csv,9,"belongs to a basket of another household'
    ].sort()
  )
  const kept = (line: number) => bad.transactions?.[line - 2] ?? ""
  assert.isTrue(rows.some((row) => row.startsWith("transactions.csv,4,") && row.endsWith(`"${kept(4).replaceAll('"', '""')}"`)))
  await withShop(fileHome(store), async ({ omni }) => {
    const { events } = await omni.events({ types: [OrderPlaced], limit: 100 })
    assert.deepEqual(
      events.map(({ data: facts }) => (facts as { readonly external: { readonly id: string } }).external.id),
      ["5001", "5009"]
    )
    assert.deepEqual((await omni.events({ types: [Discrepancy] })).events, [])
  })
})

it("records facts at their own time, and what was there before them as derived", async () => {
  const { data, store } = place({
    ...bad,
    transactions: [GOOD, "1,300,5001,1001,3,1.00,0,1.50,0.25,1,2017-01-05T10:00:00Z"],
    products: ["1000,69,,,,,", "1001,69,,,,,"]
  })
  await importDemo(fileHome(store), data, noPaint, noProgress)
  await withShop(fileHome(store), async ({ omni }) => {
    const order = await omni.orders.byExternalId({ source: "complete-journey", id: "5001" })
    const at = fromIso("2017-01-05T10:00:00Z")
    assert.deepInclude(order, { channel: "store", location: "store-300", status: "collected", placedAt: at })
    // 3.00 + 0.50 off by the card; 1.00 + 0.25 matched, of which the coupon of 1.50 takes all and more.
    assert.deepEqual(
      order.lines.map(({ sku, unitPrice, adjustments, total }) => [
        sku,
        unitPrice.amount,
        adjustments.map((a) => [a.code, a.amount.amount]),
        total.amount
      ]),
      [
        ["1000", 175, [["loyalty", -50]], 300],
        [
          "1001",
          42,
          [
            ["coupon-match", -25],
            ["manufacturer-coupon", -100],
            ["rounding", -1]
          ],
          0
        ]
      ]
    )
    assert.equal(order.totals.total.amount, 250)
    const { items } = await omni.inventory.movements({ sku: "1001", location: "store-300" })
    assert.deepEqual(
      items.map(({ row: { quantity, to, onHand, reason, at: when } }) => [quantity, to, onHand, reason, when]),
      [
        [3, "customer", 0, "sold", at],
        [3, "on-hand@store-300", 3, "opening stock, derived from what was sold", fromIso("2017-01-05T00:00:00Z")]
      ]
    )
    const coupon = await omni.cart.coupon({ code: "7-51000" })
    assert.deepInclude(coupon, { from: fromIso("2017-01-02T00:00:00Z"), until: fromIso("2017-01-21T00:00:00Z"), campaign: "7" })
    const redeemed = (await omni.events({ types: [CouponRedeemed] })).events
    assert.deepEqual(
      redeemed.map(({ imported, time }) => [imported, time]),
      [[true, fromIso("2017-01-03T00:00:00Z")]]
    )
    const household = await omni.profile.byIdentifier({ type: "household", value: "1" })
    assert.equal(order.customer, household?.id)
    const timeline = await omni.profile.timeline({ profile: household?.id ?? "" })
    assert.deepEqual(
      timeline.items.map(({ row }) => [row.type, row.at]),
      [["order placed", at]]
    )
  })
})

it("starts nothing and sends nothing", async () => {
  const { data, store } = place(historyOf(60))
  const said = await importDemo(fileHome(store), data, noPaint, noProgress)
  assert.include(said.join("\n"), "started by it: 0 journeys, surveys and messages")
  await withShop(fileHome(store), async ({ omni, clock, mails, push, sms }) => {
    clock.set(clock.now() + 90 * 24 * 3_600_000)
    await omni.drain()
    assert.deepEqual((await omni.events({ types: [JourneyEntered, MessageQueued, MessageSkipped, NpsInvited] })).events, [])
    assert.deepEqual([mails.length, push.messages.length, sms.messages.length], [0, 0, 0])
    assert.deepEqual((await omni.deadLetters()).items, [])
  })
})

it("leaves no stock where all of it was derived from sales, and every basket an order", async () => {
  const { data, store } = place(historyOf(120))
  await importDemo(fileHome(store), data, noPaint, noProgress)
  await withShop(fileHome(store), async ({ omni }) => {
    for (const number of [300, 301, 302, 303, 304]) {
      const { items } = await omni.inventory.levels({ location: `store-${number}`, limit: 1000 })
      assert.isAbove(items.length, 10)
      assert.isTrue(items.every(({ row }) => row.onHand === 0 && row.reserved === 0))
    }
    const orders = (await omni.events({ types: [OrderPlaced], limit: 1000 })).events
    assert.equal(orders.length, 120)
    const times = new Set(historyOf(120).transactions?.map((row) => fromIso(row.split(",").at(-1) ?? "")))
    assert.isTrue(orders.every(({ imported, time }) => imported && times.has(time)))
  })
})

it("changes nothing when it is run again", async () => {
  const { data, store } = place({ ...historyOf(60), ...bad })
  await importDemo(fileHome(store), data, noPaint, noProgress)
  const before = stateOf(store)
  await importDemo(fileHome(store), data, noPaint, noProgress)
  assert.deepEqual(stateOf(store), before)
})

it("says what there is to be imported when a folder has none of it", async () => {
  const folder = freshFolder()
  const failed = await importDemo(fileHome(join(folder, "shop.db")), folder, noPaint, noProgress).then(
    () => "",
    (error: unknown) => String(error)
  )
  assert.include(failed, "There are no files of The Complete Journey")
  assert.include(failed, "transactions.csv")
})
