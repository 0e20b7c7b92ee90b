import { createOmni, START } from "@omni/core"
import type { PostgresDriver } from "@omni/storage-postgres"
import pg from "pg"
import { afterAll, beforeAll, expect, it } from "vitest"

import { temporarySchema } from "./helpers.ts"
import { sales } from "./sales.ts"

let made: Awaited<ReturnType<typeof temporarySchema>>
let pool: pg.Pool
const openOmni = (store: PostgresDriver) => createOmni({ store, modules: { sales } })
let omni: ReturnType<typeof openOmni>

beforeAll(async () => {
  made = await temporarySchema()
  pool = new pg.Pool({ connectionString: made.url })
  omni = openOmni(made.open())
  await omni.sales.sell({ article: "warm" })
  await pool.query(`create table ${made.schema}.invoice (id serial primary key, article text not null)`)
})
afterAll(async () => {
  await omni.close()
  await pool.end()
  await made.dispose()
})

const transaction = async <A>(work: (client: pg.PoolClient) => Promise<A>, isolation = "read committed"): Promise<A> => {
  const client = await pool.connect()
  try {
    await client.query(`begin isolation level ${isolation}`)
    const result = await work(client)
    await client.query("commit")
    return result
  } catch (error) {
    await client.query("rollback")
    throw error
  } finally {
    client.release()
  }
}

const soldOf = async (article: string): Promise<number> =>
  Number((await pool.query(`select value->>'sold' as sold from ${made.schema}.sales_counts where id = $1`, [article])).rows[0]?.sold ?? 0)
const invoicesOf = async (article: string): Promise<number> =>
  Number((await pool.query(`select count(*) from ${made.schema}.invoice where article = $1`, [article])).rows[0].count)
const eventsOf = async (article: string): Promise<ReadonlyArray<unknown>> =>
  (await omni.events({ after: START, limit: 1000 })).events.filter((e) => e.subject === article).map((e) => e.data)
const invoice = (client: pg.PoolClient, article: string) =>
  client.query(`insert into ${made.schema}.invoice (article) values ($1)`, [article])

it("lands the app's rows and ours in one commit: rows, events and receipts", async () => {
  const inside = await transaction(async (client) => {
    const within = omni.within(client)
    await invoice(client, "mug")
    const first = await within.sales.sell({ article: "mug" }, { key: "one" })
    const second = await within.sales.sell({ article: "mug" })
    expect(await soldOf("mug"), "before the app has committed").toBe(0)
    return [first, second]
  })
  expect([inside, await soldOf("mug"), await invoicesOf("mug"), await eventsOf("mug")]).toEqual([[1, 2], 2, 1, [{ sold: 1 }, { sold: 2 }]])
  expect(await omni.sales.sell({ article: "mug" }, { key: "one" }), "the receipt").toBe(1)
  expect(await omni.sales.sell({ article: "mug" })).toBe(3)
})

it("leaves nothing of either when the app rolls back", async () => {
  const failed = transaction(async (client) => {
    await invoice(client, "cup")
    await omni.within(client).sales.sell({ article: "cup" }, { key: "cup" })
    throw new Error("the app changed its mind")
  })
  await expect(failed).rejects.toThrow("changed its mind")
  expect([await soldOf("cup"), await invoicesOf("cup"), await eventsOf("cup")]).toEqual([0, 0, []])
  expect(await omni.sales.sell({ article: "cup" }, { key: "cup" })).toBe(1)
})

it("refuses without spoiling the transaction", async () => {
  await transaction(async (client) => {
    const within = omni.within(client)
    await within.sales.sell({ article: "hat" })
    expect(await within.sales.safe.sell({ article: "hat", most: 1 })).toMatchObject({ ok: false, error: { _tag: "SoldOut" } })
    await invoice(client, "hat")
  })
  expect([await soldOf("hat"), await invoicesOf("hat")]).toEqual([1, 1])
})

it("sees a savepoint that was rolled back", async () => {
  await transaction(async (client) => {
    const within = omni.within(client)
    expect(await within.sales.sell({ article: "tie" })).toBe(1)
    await client.query("savepoint before")
    expect(await within.sales.sell({ article: "tie" })).toBe(2)
    await client.query("rollback to before")
    expect(await within.sales.sell({ article: "tie" })).toBe(2)
  })
  expect([await soldOf("tie"), await eventsOf("tie")]).toEqual([2, [{ sold: 1 }, { sold: 2 }]])
})

it("loses no sale among transactions of apps and calls of the client that race", async () => {
  const sold = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      i % 2 === 0
        ? omni.sales.sell({ article: "pen" })
        : transaction(async (client) => {
            const count = await omni.within(client).sales.sell({ article: "pen" })
            await invoice(client, "pen")
            return count
          })
    )
  )
  expect(sold.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
  expect([await soldOf("pen"), await invoicesOf("pen"), (await eventsOf("pen")).length]).toEqual([40, 20, 40])
})

it("tells the app to roll back when its transaction is spoilt, and at once", async () => {
  const began = performance.now()
  const spoilt = transaction(async (client) => {
    await client.query("select 1 / 0").catch(() => undefined)
    await omni.within(client).sales.sell({ article: "bag" })
  })
  await expect(spoilt).rejects.toMatchObject({ _tag: "StoreUnavailable", final: true, message: expect.stringContaining("Roll it back") })
  expect(performance.now() - began).toBeLessThan(2_000)
  expect(await soldOf("bag")).toBe(0)
})

it("fails in a snapshot that is older than what it needs, and lands when it is run again", async () => {
  const sell = (between: () => Promise<unknown>) =>
    transaction(async (client) => {
      await client.query("select 1")
      await between()
      return omni.within(client).sales.sell({ article: "cap" })
    }, "repeatable read")
  await expect(sell(() => omni.sales.sell({ article: "cap" }))).rejects.toMatchObject({ _tag: "StoreUnavailable", final: true })
  expect(await sell(async () => undefined)).toBe(2)
})

it("refuses a client that is in no transaction", async () => {
  const client = await pool.connect()
  try {
    await expect(omni.within(client).sales.sell({ article: "box" })).rejects.toThrow("Begin one first")
    expect(await soldOf("box")).toBe(0)
  } finally {
    client.release()
  }
})

it("acts for other tenants and on behalf of somebody", async () => {
  await transaction(async (client) => {
    const within = omni.within(client)
    await Promise.all([
      within.tenant("left").sales.sell({ article: "jar" }),
      within.as({ kind: "staff", id: "s1" }).sales.sell({ article: "jar" }),
      within.tenant("left").sales.sell({ article: "jar" })
    ])
    expect(await within.transact((tx) => tx.actor.kind)).toBe("system")
  })
  const [left] = (await omni.tenant("left").events()).events.slice(-1)
  const [own] = (await omni.events({ limit: 1000 })).events.filter((e) => e.subject === "jar")
  expect([left?.data, own?.actor]).toEqual([{ sold: 2 }, { kind: "staff", id: "s1" }])
})

it("leaves nothing behind of a call that was given up, neither now nor in what comes next on the connection", async () => {
  for (const at of [1, 2, 3, 4, 5, 6]) {
    const article = `given up ${at}`
    const client = await pool.connect()
    const controller = new AbortController()
    let asked = 0
    // The request is gone at one statement or another of the call.
    const watched: Pick<pg.PoolClient, "query"> = {
      query: ((text: string, values: Array<unknown>) => {
        const answer = client.query(text, values)
        if (++asked === at) controller.abort(new Error("the request is gone"))
        return answer
      }) as pg.PoolClient["query"]
    }
    await client.query("begin")
    const call = omni.within(watched as never).sales.sell({ article }, { signal: controller.signal })
    const ended = await call.then(
      () => "sold",
      () => "given up"
    )
    await client.query(ended === "sold" ? "commit" : "rollback")
    await client.query("begin")
    await new Promise((resolve) => setTimeout(resolve, 20))
    await client.query("commit")
    client.release()
    expect([await soldOf(article), (await eventsOf(article)).length], `at statement ${at}, ${ended}`).toEqual(
      ended === "sold" ? [1, 1] : [0, 0]
    )
  }
})
