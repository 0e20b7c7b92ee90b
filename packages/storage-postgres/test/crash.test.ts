import { spawn } from "node:child_process"
import { once } from "node:events"
import { setTimeout } from "node:timers/promises"

import { createOmni } from "@omni/core"
import { postgres } from "@omni/storage-postgres"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"

import { type PostgresServer, startPostgres } from "../../../scripts/postgres/server.ts"
import { asOwner, temporarySchema } from "./helpers.ts"
import { sales } from "./sales.ts"

const child = `${import.meta.dirname}/children/sell.ts`

/** A server of its own, which waits for the disk as any other would: it is killed here. */
let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

let schema: string
beforeEach(async () => {
  schema = (await temporarySchema(server.url)).schema
})

/** A process that sells, and the keys of the sales that it was told had landed. */
const seller = async (name: string) => {
  const running = spawn(process.execPath, ["--conditions=@omni/source", child, server.url, schema, name], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  let said = ""
  running.stdout.setEncoding("utf8").on("data", (text: string) => (said += text))
  await once(running.stdout, "data")
  return {
    count: () => said.split("\n").length,
    kill: async (): Promise<ReadonlyArray<string>> => {
      running.kill("SIGKILL")
      await once(running, "close")
      return said.slice(0, said.lastIndexOf("\n")).split("\n")
    }
  }
}

/** What a process had sent when it was killed may be committed after that: the server is asked once it has let go of them all. */
const untilAlone = async (): Promise<void> => {
  const others = "select pid from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'"
  while ((await asOwner(server.url, others)).length > 0) await setTimeout(10)
}

/** Sales, their events and receipts came and went together: as many of each, and all that were acknowledged are among them. */
const isWhole = async (acknowledged: ReadonlyArray<string>): Promise<number> => {
  await untilAlone()
  const [sums] = await asOwner(
    server.url,
    `select (select sum((value->>'sold')::int)::int from ${schema}.sales_counts) as sold, (select count(*)::int from ${schema}.event) as events,
    (select count(distinct (subject, body->'data'->>'sold'))::int from ${schema}.event) as distinct_events,
    (select count(*)::int from ${schema}.receipts) as receipts`
  )
  const { sold } = sums as { readonly sold: number }
  expect(sums).toEqual({ sold, events: sold, distinct_events: sold, receipts: sold })
  expect(sold).toBeGreaterThanOrEqual(acknowledged.length)
  expect(new Set(acknowledged).size).toBe(acknowledged.length)

  // Who asks again under the key of an acknowledged sale gets its answer, and nothing more is sold.
  const omni = createOmni({ store: postgres(server.url, { schema }), modules: { sales } })
  const again = acknowledged.filter((_, i) => i % Math.ceil(acknowledged.length / 50) === 0)
  for (const key of again) await omni.sales.sell({ article: `article-${Number(key.split("-").at(-1)) % 5}` }, { key })
  await omni.close()
  expect(await asOwner(server.url, `select count(*)::int from ${schema}.event`)).toEqual([{ count: sold }])
  return sold
}

it("keeps every acknowledged sale, once, when processes are killed at any moment", { timeout: 60_000 }, async () => {
  const acknowledged: Array<string> = []
  let before = 0
  for (let round = 0; round < 4; round++) {
    const sellers = await Promise.all(["a", "b"].map((side) => seller(`${side}${round}`)))
    await setTimeout(Math.random() * 300)
    for (const { kill } of sellers) acknowledged.push(...(await kill()))
    const sold = await isWhole(acknowledged)
    expect(sold).toBeGreaterThan(before)
    before = sold
  }
})

it("keeps every acknowledged sale, once, when the server is killed and comes back", { timeout: 60_000 }, async () => {
  const sellers = await Promise.all(["a", "b"].map(seller))
  for (let round = 0; round < 3; round++) {
    await setTimeout(200 + Math.random() * 300)
    await server.kill()
    await server.start()
    const before = sellers.map(({ count }) => count())
    for (const [i, { count }] of sellers.entries())
      for (let waited = 0; count() === before[i]; waited++) {
        expect(waited, "the sellers go on by themselves").toBeLessThan(200)
        await setTimeout(50)
      }
  }
  const acknowledged = (await Promise.all(sellers.map(({ kill }) => kill()))).flat()
  expect(await isWhole(acknowledged)).toBeGreaterThan(50)
})

it("loses and doubles nothing when connections are ended under way", { timeout: 60_000 }, async () => {
  const sellers = await Promise.all(["a", "b"].map(seller))
  let ended = 0
  for (let round = 0; round < 30; round++) {
    await setTimeout(30)
    const [row] = await asOwner(
      server.url,
      "select count(pg_terminate_backend(pid))::int as ended from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'"
    )
    ended += Number(row?.["ended"])
  }
  const acknowledged = (await Promise.all(sellers.map(({ kill }) => kill()))).flat()
  expect(ended).toBeGreaterThan(20)
  expect(await isWhole(acknowledged)).toBeGreaterThan(20)
})
