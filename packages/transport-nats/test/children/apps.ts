import { collection, createOmni, event, module, operation, reactor } from "@omni/core"
import { sqlite } from "@omni/storage-sqlite"
import { nats } from "@omni/transport-nats"
import * as z from "zod"

/** An app that counts, and one that hears of it: each in a file of its own, so that other processes can go on where one was killed. */

export const EVENTS = 3_000
export const SUBJECTS = 7

const Counted = event("count.Counted", z.object({ n: z.number() }))
const count = operation("count.count", z.object({ n: z.number() }), function* (tx, { n }) {
  tx.emit(Counted, `subject ${n % SUBJECTS}`, { n })
})
export const Heard = collection("count.heard", { schema: z.object({ numbers: z.array(z.number()) }) })
const hearing = reactor(
  "count.hearing",
  [Counted],
  function* (tx, { subject, data }) {
    tx.put(Heard, subject, { numbers: [...(tx.get(Heard, subject)?.numbers ?? []), data.n] })
  },
  { from: "start" }
)

/** The server forgets ids after 100 ms: what keeps a publisher that comes back from doubling is not the window. */
export const transport = (servers: string, stream: string) =>
  nats({ stream, partitions: 8, duplicates: 100, silence: 1_000, timeout: 1_000, connection: { servers: servers.split(",") } })

export const counter = (path: string, servers: string, stream: string) =>
  createOmni({
    store: sqlite(path, { durability: "normal" }),
    modules: { count: module("count", { operations: { count } }) },
    publish: [{ name: "out", to: transport(servers, stream), events: [Counted], lease: 300 }]
  })

export const hearer = (path: string, servers: string, stream: string) =>
  createOmni({
    store: sqlite(path, { durability: "normal" }),
    modules: { count: module("count", { collections: [Heard] }) },
    receive: [{ from: transport(servers, stream), as: "hearer", reactors: [hearing] }]
  })
