import { jetstream, jetstreamManager } from "@nats-io/jetstream"
import { connect, headers } from "@nats-io/transport-node"
import { createOmni, event, module, operation, type Carried } from "@omni/core"
import { memory } from "@omni/core/memory"
import { nats } from "@omni/transport-nats"
import * as z from "zod"

import { compare, isLong, type Run } from "../../../scripts/bench/harness.ts"
import { missing, oneServer } from "../test/server.ts"
import { counting } from "../test/taken.ts"

/**
 * What publishing costs beside JetStream publishes written by hand: the same events with the same headers and ids on the same server,
 * each acknowledged by its stream in a file, so many under way at once. By hand nothing keeps them in order or from being doubled later.
 */

const COUNT = isLong ? 20_000 : 5_000
const WINDOW = 512

let streams = 0
const ratePerSecond = async (count: number, work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await work()
  return (count * 1000) / (performance.now() - began)
}

const ours =
  (servers: ReadonlyArray<string>, events: ReadonlyArray<Carried>): Run =>
  async () => {
    const transport = nats({ stream: `ours${streams++}`, connection: { servers: [...servers] } })
    await transport.last("default")
    const rate = await ratePerSecond(events.length, async () => {
      for (let at = 0; at < events.length; at += WINDOW) await transport.publish(events.slice(at, at + WINDOW))
    })
    await transport.close()
    return rate
  }

const byHand =
  (servers: ReadonlyArray<string>, events: ReadonlyArray<Carried>): Run =>
  async () => {
    const connection = await connect({ servers: [...servers] })
    const stream = `hand${streams++}`
    await (await jetstreamManager(connection)).streams.add({ name: stream, subjects: [`${stream}.>`] })
    const js = jetstream(connection)
    const publish = ({ data, ...attributes }: Carried) => {
      const head = headers()
      for (const [name, value] of Object.entries(attributes)) head.set(`ce-${name}`, String(value).replaceAll(" ", "%20"))
      return js.publish(`${stream}.${attributes.subject.replaceAll(" ", "_")}.Counted`, JSON.stringify(data), {
        headers: head,
        msgID: attributes.id
      })
    }
    const rate = await ratePerSecond(events.length, async () => {
      for (let at = 0; at < events.length; at += WINDOW) await Promise.all(events.slice(at, at + WINDOW).map(publish))
    })
    await connection.close()
    return rate
  }

const Counted = event("count.Counted", z.object({ n: z.number() }))
const count = operation("count.count", z.object({ n: z.number() }), function* (tx, { n }) {
  tx.emit(Counted, `subject ${n % 50}`, { n })
})

/** From a log in memory, with its cursor moved after each page. */
const fromTheLog =
  (servers: ReadonlyArray<string>): Run =>
  async () => {
    const to = nats({ stream: `log${streams++}`, connection: { servers: [...servers] } })
    await to.last("default")
    const publish = [{ name: "out", to, events: [Counted] }]
    const omni = createOmni({ store: memory(), verify: false, modules: { count: module("count", { operations: { count } }) }, publish })
    await Promise.all(Array.from({ length: COUNT }, (_, n) => omni.count.count({ n })))
    const rate = await ratePerSecond(COUNT, () => omni.drain())
    await omni.close()
    return rate
  }

if (missing !== undefined) console.error(`skipped: transport-nats: ${missing}`)
else {
  await using servers = await oneServer()
  const events = counting(COUNT, 50)
  const common = { bench: "transport-nats", unit: "events/s", better: "higher", rounds: 5 } as const
  const peers = { "hand-written publishes": byHand(servers.urls, events) }
  await compare({ ...common, case: `publish, ${WINDOW} under way`, ours: ours(servers.urls, events), peers })
  await compare({ ...common, case: `the log of a store, ${WINDOW} under way`, ours: fromTheLog(servers.urls), peers })
}
