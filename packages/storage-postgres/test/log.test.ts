import { setTimeout } from "node:timers/promises"

import { START, type ScopedStore } from "@omni/core"
import pg from "pg"
import { expect, it } from "vitest"

import { asOwner, commitOf, landed, put, temporarySchema } from "./helpers.ts"

const event = (subject: string) => ({ type: "T", subject, time: 1, body: JSON.stringify({ subject }) })

/** Follows the log until `done`, from page to page, and answers the subjects in the order in which they were met. */
const follow = async (store: ScopedStore, done: () => boolean): Promise<ReadonlyArray<string>> => {
  const met: Array<string> = []
  for (let after = START; ;) {
    const last = done()
    const page = await store.events(after, 7)
    if (page._tag !== "Events") throw new Error(page._tag)
    met.push(...page.events.map(({ body }) => JSON.parse(body).subject))
    if (last && page.events.length === 0) return met
    after = page.upto
  }
}

it("lets no reader skip an event: long transactions of the app's beside short commits", { timeout: 40_000 }, async () => {
  const { url, open, dispose } = await temporarySchema()
  const writer = open()
  await writer.migrate(["test.things"])
  const store = await writer.open("main")
  const pool = new pg.Pool({ connectionString: url })
  const written: Array<string> = []

  const short = async (lane: number) => {
    for (let n = 0; n < 60; n++) {
      const subjects = Array.from({ length: 3 }, (_, i) => `short-${lane}-${n}-${i}`)
      landed(await store.commit(commitOf({ events: subjects.map(event), writes: [put(`row-${lane}`, n)] })))
      written.push(...subjects)
    }
  }
  const long = async (lane: number) => {
    for (let n = 0; n < 10; n++) {
      const client = await pool.connect()
      await client.query("begin")
      const inside = await writer.within(client).open("main")
      const subject = `long-${lane}-${n}`
      landed(await inside.commit(commitOf({ events: [event(subject)] })))
      await setTimeout(Math.random() * 30)
      const lands = n % 3 !== 0
      await client.query(lands ? "commit" : "rollback")
      client.release()
      if (lands) written.push(subject)
    }
  }

  let ended = false
  const readers = Array.from({ length: 3 }, async () => {
    const reader = open({ listen: false })
    const met = await follow(await reader.open("main"), () => ended)
    await reader.close()
    return met
  })
  await Promise.all([...[0, 1, 2, 3].map(short), ...[0, 1].map(long)])
  ended = true
  const [first, ...others] = await Promise.all(readers)
  expect(first!.toSorted()).toEqual(written.toSorted())
  for (const other of others) expect(other).toEqual(first)
  await Promise.all([writer.close(), pool.end()])
  await dispose()
})

it("tells watchers of another process's commit by polling when no notification comes", async () => {
  const { open, dispose } = await temporarySchema()
  const [silent, waiting] = [open({ listen: false }), open({ poll: 100 })]
  await silent.migrate(["test.things"])
  const woken = Promise.withResolvers<void>()
  const watched = await waiting.open("main")
  const watching = await watched.watch!(woken.resolve)
  landed(await (await silent.open("main")).commit(commitOf({ writes: [put("a", 1)] })))
  const began = performance.now()
  await woken.promise
  expect(performance.now() - began).toBeLessThan(3_000)
  await watching[Symbol.asyncDispose]()
  await Promise.all([silent.close(), waiting.close()])
  await dispose()
})

it("wakes by a notification long before the next poll", async () => {
  const { open, dispose } = await temporarySchema()
  const [writer, waiting] = [open(), open({ poll: 600_000 })]
  await writer.migrate(["test.things"])
  const store = await writer.open("main")
  let woken = 0
  const watching = await (await waiting.open("main")).watch!(() => woken++)
  for (let n = 0; woken === 0; n++) {
    landed(await store.commit(commitOf({ writes: [put("a", n)] })))
    await setTimeout(50)
  }
  expect(woken).toBeGreaterThan(0)
  await watching[Symbol.asyncDispose]()
  await Promise.all([writer.close(), waiting.close()])
  await dispose()
})

it("trims a long log in a time that grows with what goes", { timeout: 60_000 }, async () => {
  const { url, schema, open, dispose } = await temporarySchema()
  const driver = open()
  await driver.migrate()
  const store = await driver.open("main")
  landed(await store.commit(commitOf({ events: [event("first")] })))
  const [head] = await asOwner(url, `select head::text from ${schema}.scope`)
  await asOwner(
    url,
    `insert into ${schema}.event (scope, position, time, type, subject, body)
select 'main', ${head!["head"]} + n, 1, 'T', 's', '{}' from generate_series(1, 40000) n;
update ${schema}.scope set head = head + 40000`
  )
  const page = await store.events(START, 38_001)
  if (page._tag !== "Events") throw new Error(page._tag)
  const began = performance.now()
  await store.trim(page.events.at(-1)!.position)
  // It took 25 s where each event was looked for among those of the step, and takes 0.1.
  expect(performance.now() - began).toBeLessThan(5_000)
  const [left] = await asOwner(url, `select count(*)::int, min(position)::text from ${schema}.event`)
  expect(left).toEqual({ count: 2_000, min: String(Number(page.events.at(-1)!.position) + 1) })
  await driver.close()
  await dispose()
})
