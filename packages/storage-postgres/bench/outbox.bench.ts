import { createOmni, handler, module, operation, topic } from "@omni/core"
import { postgres } from "@omni/storage-postgres"
import { makeWorkerUtils, run } from "graphile-worker"
import * as z from "zod"

import { compare, isLong, type Run } from "../../../scripts/bench/harness.ts"
import { startPostgres } from "../../../scripts/postgres/server.ts"

/** Messages a second that one process delivers from a backlog to a provider that answers at once, and to one that takes 50 ms. */

const server = await startPostgres()
const Mail = topic("bench.mail", z.object({ to: z.string() }))
let schemas = 0

const ours =
  (backlog: number, take: number, latency: number): Run =>
  async () => {
    const schema = `outbox_${schemas++}`
    let delivered = 0
    let done: () => void = () => undefined
    const enough = new Promise<void>((resolve) => (done = resolve))
    const deliver = async () => {
      if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency))
      if (++delivered === take) done()
    }
    const send = operation("bench.send", z.object({ to: z.string() }), function* (tx, input) {
      tx.send(Mail, input)
    })
    const omni = createOmni({
      store: postgres(server.url, { schema }),
      verify: false,
      modules: { bench: module("bench", { operations: { send }, handlers: [handler(Mail, deliver, { idempotent: true })] }) }
    })
    for (let at = 0; at < backlog; at += 1000)
      await Promise.all(Array.from({ length: 1000 }, (_, i) => omni.bench.send({ to: `somebody ${at + i}` })))
    const began = performance.now()
    omni.run()
    await enough
    const rate = (delivered * 1000) / (performance.now() - began)
    await omni.close()
    return rate
  }

/** @see https://worker.graphile.org/docs/performance, for what it advises where there is much to do. */
const advised = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }

const graphileWorker =
  (backlog: number, take: number, latency: number, settings: object): Run =>
  async () => {
    const schema = `outbox_${schemas++}`
    const worker = { connectionString: server.url, schema, concurrentJobs: 64, maxPoolSize: 25, ...settings }
    const utils = await makeWorkerUtils({ preset: { worker } })
    await utils.migrate()
    for (let at = 0; at < backlog; at += 1000)
      await utils.addJobs(Array.from({ length: 1000 }, (_, i) => ({ identifier: "mail", payload: { to: `somebody ${at + i}` } })))
    let delivered = 0
    let done: () => void = () => undefined
    const enough = new Promise<void>((resolve) => (done = resolve))
    const mail = async () => {
      if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency))
      if (++delivered === take) done()
    }
    const began = performance.now()
    const runner = await run({ preset: { worker }, taskList: { mail } })
    await enough
    const rate = (delivered * 1000) / (performance.now() - began)
    await runner.stop()
    await utils.release()
    return rate
  }

const cases = [
  ["1,000 messages, answered at once", 1_000, 1_000, 0],
  ["1,000 messages, answered after 50 ms", 1_000, 1_000, 50],
  [`5,000 of ${isLong ? "100,000" : "20,000"} messages, answered at once`, isLong ? 100_000 : 20_000, 5_000, 0]
] as const

for (const [name, backlog, take, latency] of cases)
  await compare({
    bench: "outbox",
    case: name,
    unit: "messages/s",
    better: "higher",
    rounds: 3,
    ours: ours(backlog, take, latency),
    peers: {
      "graphile-worker": graphileWorker(backlog, take, latency, {}),
      "graphile-worker, in batches": graphileWorker(backlog, take, latency, advised)
    }
  })

await server.stop()
