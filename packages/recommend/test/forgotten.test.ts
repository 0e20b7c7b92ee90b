import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"

import { createOmni, days } from "@omni/core"
import { buildModels, recommend } from "@omni/recommend"
import { sqlite } from "@omni/storage-sqlite"
import { afterEach, assert, it } from "vitest"

import { NOON, open, shelf, untilAborted } from "./shop.ts"

const folders: Array<string> = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })))

/** The rows of the store that name somebody, whatever they are kept for. */
const naming = (file: string, person: string): ReadonlyArray<string> => {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const rows = database
      .prepare("select collection || ' ' || row.id || ' ' || value as text from row join space on space.id = space")
      .all()
    return rows.map(({ text }) => String(text)).filter((text) => text.includes(person))
  } finally {
    database.close()
  }
}

it("leaves no row that names who is forgotten, was erased, or is known under another id since", async () => {
  for (const how of ["forgotten", "erased", "joined"] as const) {
    const folder = mkdtempSync(join(tmpdir(), "omni-recommend-"))
    folders.push(folder)
    const file = join(folder, "shop.db")
    let now = NOON
    const omni = createOmni({
      store: sqlite(file),
      clock: { now: () => now, sleep: untilAborted },
      modules: { recommend: recommend({ ...shelf().ports, slots: { home: {} }, segment: () => "club", replenishBefore: days(1) }) }
    })
    const shop = omni.recommend
    for (let order = 0; order < 3; order++) {
      await shop.recordPurchase({ order: `o${order}`, customer: "person-1", items: ["tea"] })
      await omni.drain()
      now += days(30)
    }
    await omni.drain()
    await shop.recordPurchase({ order: "last", customer: "person-1", items: ["tea"] })
    await shop.recordView({ customer: "person-1", item: "cup" })
    await shop.recordCart({ cart: "c1", customer: "person-1", items: ["cup"] })
    await shop.recordShown({ slot: "home", customer: "person-1", items: ["cup"] })
    await omni.drain()
    assert.isNotEmpty(naming(file, "person-1"))
    if (how === "forgotten") await shop.forgetPerson({ person: "person-1" })
    else if (how === "erased") await omni.erase("person-1")
    else await shop.joinPeople({ from: "person-1", into: "somebody" })
    await omni.drain()
    assert.deepEqual(naming(file, "person-1"), [], how)
    await omni.close()
  }
})

it("leaves no row of who has not been heard of for as long as histories are kept, unless they were shown something lately", async () => {
  const folder = mkdtempSync(join(tmpdir(), "omni-recommend-"))
  folders.push(folder)
  const file = join(folder, "shop.db")
  let now = NOON
  const omni = createOmni({
    store: sqlite(file),
    clock: { now: () => now, sleep: untilAborted },
    modules: { recommend: recommend({ ...shelf().ports, slots: { home: {} }, replenishBefore: days(1) }) }
  })
  const shop = omni.recommend
  for (const customer of ["person-1", "person-2"]) {
    await shop.recordView({ customer, item: "tea" })
    await shop.recordPurchase({ order: customer, customer, items: ["tea"] })
    await shop.recordShown({ slot: "home", customer, items: ["cup"] })
  }
  await omni.drain()
  now += days(400)
  await shop.recordView({ customer: "person-3", item: "cup" })
  await shop.recordShown({ slot: "home", customer: "person-2", items: ["cup"] })
  await omni.drain()
  await buildModels(shop, { always: true, keep: days(399) })
  assert.deepEqual(naming(file, "person-1"), [])
  assert.deepEqual(
    naming(file, "person-2").map((text) => text.split(" ")[0]),
    ["recommend.showings"]
  )
  assert.isNotEmpty(naming(file, "person-3"))
  await omni.close()
})

it("writes nothing for who was erased: it is an app's consent that says no from then on", async () => {
  const { ports, refused } = shelf()
  const { omni, shop } = open({ ...ports, slots: { home: {} } })
  await omni.erase("ann")
  const told = await shop.safe.recordPurchase({ order: "o1", customer: "ann", items: ["tea"] })
  assert.deepInclude(told.ok ? {} : told.error, { _tag: "SubjectErased", subject: "ann" })
  refused.add("ann")
  assert.equal(await shop.recordPurchase({ order: "o1", customer: "ann", items: ["tea"] }), "anonymous")
})
