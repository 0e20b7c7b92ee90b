import { createOmni, handler, module, operation, topic } from "@omni/core"
import { postgres } from "@omni/storage-postgres"
import { Logger, makeWorkerUtils, runOnce } from "graphile-worker"
import * as z from "zod"

import { compare, isLong, type Run } from "../../../scripts/bench/harness.ts"
import { startPostgres } from "../../../scripts/postgres/server.ts"

/** Messages a second that one process works off, until the end of each is recorded, with a provider that answers at once or after a while. */

const server = await startPostgres()
const Mail = topic("bench.mail", z.object({ to: z.string() }))
const send = operation("bench.send", z.object({ to: z.string() }), function* (tx, input) {
  tx.send(Mail, input)
})
let schemas = 0

interface Load {
  readonly messages: number
  readonly latency: number
}

const provider = (latency: number) => {
  let delivered = 0
  return {
    deliver: async (): Promise<void> => {
      if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency))
      delivered++
    },
    delivered: () => delivered
  }
}

const timed = async ({ messages, latency }: Load, work: (deliver: () => Promise<void>) => Promise<unknown>): Promise<number> => {
  const { deliver, delivered } = provider(latency)
  const began = performance.now()
  await work(deliver)
  const rate = (messages * 1000) / (performance.now() - began)
  if (delivered() !== messages) throw new Error(`${delivered()} of ${messages} messages were delivered`)
  return rate
}

const some = (messages: number) => Array.from({ length: messages }, (_, i) => ({ to: `somebody ${i}` }))

const ours =
  (load: Load): Run =>
  async () => {
    const schema = `outbox_${schemas++}`
    let deliver = async () => {}
    const handlers = [handler(Mail, () => deliver(), { idempotent: true })]
    const modules = { bench: module("bench", { operations: { send }, handlers }) }
    const open = () => createOmni({ store: postgres(server.url, { schema }), verify: false, modules })
    const before = open()
    await Promise.all(some(load.messages).map((to) => before.bench.send(to)))
    await before.close()
    // Who works off connects first, as the peer does.
    return timed(load, async (answer) => {
      deliver = answer
      const omni = open()
      await omni.drain()
      await omni.close()
    })
  }

const silent = new Logger(() => () => undefined)

/** @see https://worker.graphile.org/docs/performance, for what is advised where there is much to do. */
const inBatches = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }

const graphileWorker =
  (load: Load, settings: object = {}): Run =>
  async () => {
    const worker = {
      connectionString: server.url,
      schema: `outbox_${schemas++}`,
      concurrentJobs: 64,
      maxPoolSize: 25,
      logger: silent,
      ...settings
    }
    const utils = await makeWorkerUtils({ preset: { worker } })
    await utils.migrate()
    await utils.addJobs(some(load.messages).map((payload) => ({ identifier: "mail", payload })))
    const rate = await timed(load, (mail) => runOnce({ preset: { worker }, taskList: { mail } }))
    await utils.release()
    return rate
  }

const cases: ReadonlyArray<readonly [string, Load]> = [
  ["2,000 messages, answered at once", { messages: 2_000, latency: 0 }],
  ["2,000 messages, answered after 50 ms", { messages: 2_000, latency: 50 }],
  ...(isLong ? [["50,000 messages, answered at once", { messages: 50_000, latency: 0 }] as const] : [])
]

for (const [name, load] of cases)
  await compare({
    bench: "outbox",
    case: name,
    unit: "messages/s",
    better: "higher",
    rounds: 3,
    ours: ours(load),
    peers: { "graphile-worker": graphileWorker(load), "graphile-worker, in batches": graphileWorker(load, inBatches) }
  })

await server.stop()
