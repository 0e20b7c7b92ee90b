import { setTimeout as pause } from "node:timers/promises"

import { jetstreamManager } from "@nats-io/jetstream"
import { connect } from "@nats-io/transport-node"
import type { Carried } from "@omni/core"
import { nats } from "@omni/transport-nats"
import { describe, expect, it } from "vitest"

import { cluster, missing, type Servers } from "./server.ts"
import { bySubject, counting, everything, expected } from "./taken.ts"

const EVENTS = 2_000
const SUBJECTS = 7

const leaderOf = async ({ servers, urls }: Servers, stream: string) => {
  const nc = await connect({ servers: [...urls] })
  const { cluster: members } = await (await jetstreamManager(nc)).streams.info(stream)
  await nc.close()
  return servers.find(({ name }) => name === members?.leader)!
}

/** A cluster has to elect who is to make streams, first. */
const patiently = async <A>(work: () => Promise<A>): Promise<A> => {
  for (const end = Date.now() + 20_000; ; await pause(100)) {
    try {
      return await work()
    } catch (error) {
      if (Date.now() > end) throw error
    }
  }
}

describe.skipIf(missing !== undefined)(`a cluster of three${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  it("loses, doubles and reorders nothing when the stream's leader is killed while events are published and taken", async () => {
    await using servers = await cluster()
    const client = () =>
      nats({ stream: "log", replicas: 3, partitions: 4, timeout: 1_000, silence: 2_000, connection: { servers: [...servers.urls] } })
    const [publisher, consumer] = [client(), client()]
    const events = counting(EVENTS, SUBJECTS)
    await patiently(() => publisher.last("default"))
    const taken: Array<Carried> = []
    const member = await consumer.subscribe("all", async ({ event }) => void taken.push(event), { dead: async () => undefined })
    for (let at = 0; at < EVENTS; at += 100) {
      const publishing = publisher.publish(events.slice(at, at + 100))
      if (at === EVENTS / 2) await (await leaderOf(servers, "log")).kill()
      await publishing
    }
    // At least once: an acknowledgement that died with the leader brings an event again.
    const distinct = () => [...new Map(taken.map((event) => [event.id, event])).values()]
    for (const end = Date.now() + 20_000; Date.now() < end && distinct().length < EVENTS;) await pause(50)
    expect(bySubject(distinct())).toEqual(expected(EVENTS, SUBJECTS))
    await member[Symbol.asyncDispose]()
    const there = await everything(publisher, "look")
    expect(there.length).toBe(EVENTS)
    expect(bySubject(there)).toEqual(expected(EVENTS, SUBJECTS))
    await Promise.all([publisher.close(), consumer.close()])
  }, 60_000)
})
