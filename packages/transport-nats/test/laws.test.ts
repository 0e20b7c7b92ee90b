import { setTimeout as pause } from "node:timers/promises"

import { transportLaws, type TransportUnderTest } from "@omni/testkit"
import { nats } from "@omni/transport-nats"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

import { missing, oneServer, type Servers } from "./server.ts"

let servers: Servers | undefined
beforeAll(async () => {
  if (missing === undefined) servers = await oneServer()
})
afterAll(() => servers?.[Symbol.asyncDispose]())

let streams = 0
/** The server forgets the ids of events after 100 ms, so that what keeps copies out later is seen to do it. */
const make = async (): Promise<TransportUnderTest> => {
  const stream = `laws${streams++}`
  const client = () => nats({ stream, partitions: 8, duplicates: 100, silence: 2_000, connection: { servers: [...servers!.urls] } })
  return { driver: client(), second: async () => client(), forget: () => pause(250) }
}

describe("the transport on JetStream", () => {
  it.for(transportLaws(make))("$name", async (law, test) => {
    test.skip(missing !== undefined, missing)
    expect(await law.run()).toEqual({})
  })
})
