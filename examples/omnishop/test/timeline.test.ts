import { assert, it } from "vitest"

import { sharedPostgres } from "../../../scripts/postgres/shared.ts"
import { report, runStory } from "../src/demo.ts"
import { type Home, memoryHome, pgliteHome, postgresHome } from "../src/home.ts"
import { linesOf } from "../src/report/line.ts"
import { noPaint } from "../src/report/paint.ts"
import { readStory } from "../src/report/record.ts"
import { tellings } from "../src/report/tellings.ts"
import { withoutChance } from "../src/soak.ts"
import { chapters } from "../src/story/chapters.ts"
import { opening } from "../src/story/opening.ts"
import { phone } from "../src/story/phone.ts"
import { tell } from "../src/story/tell.ts"
import { tellerOf } from "../src/story/teller.ts"
import { web } from "../src/story/web.ts"
import { freshHome } from "./places.ts"
import { withShop } from "./shop.ts"

/** What the timeline says on which channel, chapter by chapter: the first words of each line. */
const ESSENCE = [
  "web looks at; web a pop-up; web a profile; web consent granted:; web consent granted:; web coupon; email “Your 20",
  "app a profile; app looks at; app signs in:; app consent granted:; app prefers to; app into the; app into the; app asks in",
  "app nobody has; push “Your cart",
  "store the till opens; store the till recommends:; store into the; store the journey; store into the; store ┌ stock:; store │ order; store │ coupon; store └ the cart",
  "store ready in; sms Omnishop: your; store handed over:; store order; email “How was; web answers 4; web a task; email “That was"
].map((chapter) => chapter.split("; "))

const essenceOf = async (home: Home): Promise<ReadonlyArray<ReadonlyArray<string>>> =>
  withShop(home, async ({ omni, clock }) => {
    const { customer } = await tell(omni, clock)
    const lines = linesOf(await readStory(omni, customer), tellings)
    return chapters.map(({ from }, at) =>
      lines
        .filter((line) => line.at >= from && line.at < (chapters[at + 1]?.from ?? Infinity))
        .map(({ channel, text }) => `${channel} ${text}`)
    )
  })

const startsLike = (told: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<ReadonlyArray<string>> =>
  told.map((chapter, at) => chapter.map((line, i) => (line.startsWith(ESSENCE[at]?.[i] ?? "?") ? (ESSENCE[at]?.[i] ?? "") : line)))

it("tells the five chapters, each line with its channel", async () => {
  assert.deepEqual(startsLike(await essenceOf(freshHome())), ESSENCE)
})

it("prints the timeline, the profile, the ledger and the message log, without colours, in two screens", async () => {
  const home = freshHome()
  const lines = await report(home, await runStory(home), noPaint)
  const text = lines.join("\n")
  assert.isBelow(lines.length, 100)
  assert.isTrue(lines.every((line) => line.length <= 150))
  assert.notInclude(text, "\u001b")
  for (const title of [...chapters.map((chapter) => chapter.title), "In the profile", "In the stock ledger", "In the message log"])
    assert.include(text, title)
  assert.match(text, /17:36 {2}app .*Only 1 of REFILL-3 can be had here, not 2\. 6 at/)
  assert.match(text, /18:36 {2}push .*“Your cart is still here”/)
  assert.match(text, /11:08 {2}store {3}│ coupon \w{10} redeemed: −€40\.75/)
})

it("changes nothing when it is told again, and prints the same", async () => {
  const home = freshHome()
  const told = await runStory(home)
  const first = await report(home, told, noPaint)
  const landed = await withShop(home, async (shop) => {
    assert.deepEqual(await tell(shop.omni, shop.clock), told)
    assert.deepEqual([shop.mails.length, shop.push.messages.length, shop.sms.messages.length], [0, 0, 0])
    return shop.landed
  })
  assert.deepEqual(landed, [])
  assert.deepEqual(await report(home, await runStory(home), noPaint), first)
})

it("goes on where it broke off", async () => {
  const home = freshHome()
  await withShop(home, async ({ omni, clock }) => {
    const teller = tellerOf(omni, clock)
    await opening(teller)
    await phone(teller, await web(teller))
  })
  assert.deepEqual(startsLike(await essenceOf(home)), ESSENCE)
})

it("is the same on every store", { timeout: 60_000 }, async () => {
  const told = async (home: Home) => {
    await home.forget()
    const lines = await report(home, await runStory(home), noPaint)
    await home[Symbol.asyncDispose]()
    return withoutChance(lines)
  }
  const onFile = await told(freshHome())
  assert.deepEqual(await told(memoryHome("")), onFile)
  assert.deepEqual(await told(postgresHome(await sharedPostgres(), "")), onFile)
  assert.deepEqual(await told(pgliteHome("")), onFile)
})
