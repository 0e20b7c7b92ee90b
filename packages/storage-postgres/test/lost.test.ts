import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"

import { createOmni, FeedDiverged } from "@omni/core"
import { inProcess } from "@omni/core/memory"
import { postgres } from "@omni/storage-postgres"
import { afterAll, afterEach, beforeEach, expect, it } from "vitest"

import { everything, placed, subjectOf } from "./everything.ts"
import { asOwner, commitOf, landed, put, temporarySchema } from "./helpers.ts"
import { sales } from "./sales.ts"
import { pair } from "./standby.ts"
import { isWhole } from "./workers.ts"

/** A standby that is promoted before it has heard of the last commits: they are lost. What must not be lost is the order in what is left. */

const folder = mkdtempSync(join(tmpdir(), "omni-lost-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let servers: Awaited<ReturnType<typeof pair>>
beforeEach(async () => {
  servers = await pair({ synchronous: false })
})
afterEach(() => servers.stop())

const failOver = async (): Promise<void> => {
  await servers.primary.kill()
  await servers.promote()
  servers.clients.leadTo(servers.standby.url)
}

it("takes no row in memory for one that was written after the loss", { timeout: 120_000 }, async () => {
  const { schema } = await temporarySchema(servers.primary.url)
  const shop = () => createOmni({ store: postgres(servers.clients.url, { schema, listen: false }), modules: { sales } })
  const [witness, other] = [shop(), shop()]
  const sellAll = async (omni: typeof witness, tenant: string, articles: ReadonlyArray<string>) => {
    const answers: Array<number> = []
    for (const article of articles) answers.push(await omni.tenant(tenant).sales.sell({ article }))
    return answers
  }
  const times = (count: number, article: string) => Array.from({ length: count }, () => article)
  await sellAll(witness, "old", times(50, "mug"))
  await servers.caughtUp()
  servers.replication.turn({ silent: true })
  // A commit of one sale takes two positions, so that the 20th of these would have the position of the 20th of those.
  await sellAll(witness, "old", times(20, "mug"))
  await sellAll(witness, "new", times(5, "mug"))
  await failOver()
  expect(await sellAll(other, "old", [...times(19, "cup"), "mug"])).toEqual([...times(19, "cup").map((_, i) => i + 1), 51])
  expect(await sellAll(other, "new", [...times(4, "cup"), "mug"])).toEqual([1, 2, 3, 4, 1])

  // The process that has 70 and 5 in memory sells on from what there is.
  expect(await sellAll(witness, "old", ["mug"])).toEqual([52])
  expect(await sellAll(witness, "new", ["mug"])).toEqual([2])
  const [events] = await asOwner(servers.standby.url, `select count(*)::int as n from ${schema}.event`)
  const lost = 75 + 20 + 5 + 2 - Number(events!["n"])
  console.log(`asynchronous standby that heard nothing of the last 25 of 75 acknowledged sales: ${lost} lost`)
  expect(lost).toBe(25)
  await Promise.all([witness.close(), other.close()])
})

it("makes tables again that were lost, under the numbers that others know", { timeout: 120_000 }, async () => {
  const { schema } = await temporarySchema(servers.primary.url)
  const [witness, other] = [0, 1].map(() => postgres(servers.clients.url, { schema, listen: false }))
  await witness!.migrate()
  await servers.caughtUp()
  servers.replication.turn({ silent: true })
  const indexed = (collection: string, id: string) => ({
    ...put(id, id),
    key: { collection, id },
    add: [{ index: "by", value: "x" }]
  })
  const commit = async (driver: typeof witness, collection: string, id: string) =>
    landed(await (await driver!.open("main")).commit(commitOf({ writes: [indexed(collection, id)] })))
  await commit(witness, "test.first", "lost")
  await failOver()
  await commit(other, "test.second", "others")
  await commit(other, "test.first", "others")
  await commit(witness, "test.first", "ours")
  const query = { index: "by", from: "", to: "y", order: "asc" as const, limit: 10, after: undefined }
  for (const driver of [witness, other]) {
    const { pages } = await (
      await driver!.open("main")
    ).read(
      [],
      [
        { ...query, collection: "test.first" },
        { ...query, collection: "test.second" }
      ]
    )
    expect(pages.map(({ items }) => items.map(({ id }) => id))).toEqual([["others", "ours"], ["others"]])
  }
  await commit(witness, "test.third", "lost")
  await Promise.all([witness!.close(), other!.close()])
})

it("reads nothing of a table that was lost", { timeout: 120_000 }, async () => {
  const { schema } = await temporarySchema(servers.primary.url)
  const driver = postgres(servers.clients.url, { schema, listen: false })
  await driver.migrate()
  await servers.caughtUp()
  servers.replication.turn({ silent: true })
  const store = await driver.open("main")
  landed(await store.commit(commitOf({ writes: [put("a", 1, { due: 1 })] })))
  expect(await driver.due("test.things", 10, 10)).toHaveLength(1)
  await failOver()
  while ((await store.read([{ collection: "test.things", id: "a" }]).catch(() => undefined)) === undefined) await setTimeout(20)
  expect((await store.read([{ collection: "test.things", id: "a" }])).rows).toEqual([undefined])
  expect(await driver.due("test.things", 10, 10)).toEqual([])
  await driver.close()
})

it(
  "does again what reactors, timers and the outbox had done before the loss, and tells of a feed that went on",
  { timeout: 120_000 },
  async () => {
    const { schema } = await temporarySchema(servers.primary.url)
    const delivered = join(folder, "delivered")
    writeFileSync(delivered, "")
    const transport = inProcess()
    const omni = everything(postgres(servers.clients.url, { schema, listen: false }), delivered, {
      publish: [{ name: "orders", to: transport, events: [placed], lease: 600_000 }]
    })
    const place = async (name: string, count: number) => {
      const orders = Array.from({ length: count }, (_, n) => `${name}-${n}`)
      for (const order of orders) await omni.t.place({ order, subject: subjectOf(order) }, { key: order })
      return orders
    }
    const kept = await place("first", 10)
    await omni.drain()
    kept.push(...(await place("kept", 10)))
    await servers.caughtUp()
    servers.replication.turn({ silent: true })
    // What these lead to is done and lost; so is one order.
    await setTimeout(50)
    await omni.drain()
    await place("lost", 1)
    await omni.drain()
    const published = await transport.last("default")
    await failOver()

    // The same process works off what the promoted server has not heard was done, before and after the next orders.
    const diverged = async () => {
      await expect(omni.drain()).rejects.toBeInstanceOf(FeedDiverged)
      expect(await transport.last("default"), "nothing is published behind events that are gone").toEqual(published)
    }
    await diverged()
    kept.push(...(await place("after", 3)))
    await setTimeout(50)
    await diverged()
    await omni.close()
    const orders = await isWhole(servers.standby.url, schema, { acknowledged: kept, delivered, before: kept })
    expect(orders).toBe(kept.length)
  }
)

it.each(["has moved past", "is about to move past"])(
  "publishes nothing behind lost events, though its lease goes on, when the feed %s them",
  { timeout: 60_000 },
  async (when) => {
    const { schema } = await temporarySchema(servers.primary.url)
    const transport = inProcess()
    const told: Array<unknown> = []
    let published = async (): Promise<void> => {}
    const publish: typeof transport.publish = async (events) => {
      await transport.publish(events)
      await published()
    }
    const omni = everything(postgres(servers.clients.url, { schema, poll: 100 }), join(folder, "running"), {
      publish: [{ name: "orders", to: { ...transport, publish }, events: [placed], lease: 600_000 }],
      onError: (error) => told.push(error)
    })
    const place = (name: string) => omni.t.place({ order: `${name}-1`, subject: "somebody" })
    const isTold = () => told.some((error) => error instanceof FeedDiverged)
    await place("kept")
    await omni.drain()
    await servers.caughtUp()
    servers.replication.turn({ silent: true })
    if (when === "is about to move past") published = failOver
    await place("lost")
    omni.run()
    const before = (await transport.last("default"))?.sequence ?? ""
    while (((await transport.last("default"))?.sequence ?? "") <= before) await setTimeout(20)
    const last = await transport.last("default")
    if (when === "has moved past") {
      await setTimeout(200)
      await failOver()
    }
    await place("after")
    while (!isTold()) await setTimeout(20)
    await setTimeout(300)
    expect(await transport.last("default")).toEqual(last)
    await omni.close()
  }
)
