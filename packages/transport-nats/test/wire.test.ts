import { jetstream, jetstreamManager } from "@nats-io/jetstream"
import { connect, headers } from "@nats-io/transport-node"
import { nats } from "@omni/transport-nats"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

import { missing, oneServer, type Servers } from "./server.ts"
import { counting, everything } from "./taken.ts"

let servers: Servers
beforeAll(async () => {
  if (missing === undefined) servers = await oneServer()
})
afterAll(() => servers?.[Symbol.asyncDispose]())

describe.skipIf(missing !== undefined)(`on the wire${missing === undefined ? "" : ` (skipped: ${missing})`}`, () => {
  it("an event is a CloudEvent in binary content mode, under a subject that says what it is", async () => {
    const connection = await connect({ servers: [...servers.urls] })
    const log = nats({ stream: "shop", connection })
    const [event] = counting(1, 1)
    await log.publish([{ ...event!, actorid: 'Zoë "Z" 100%' }])
    const message = await (await jetstreamManager(connection)).streams.getMessage("shop", { seq: 1 })
    expect(message?.subject).toMatch(/^shop\.default\.\d+\.subject%200\.count\.Counted$/)
    expect(message?.json()).toEqual({ n: 0 })
    const attributes = Object.fromEntries([...message!.header].filter(([name]) => name.startsWith("ce-")))
    expect(attributes).toEqual({
      "ce-specversion": ["1.0"],
      "ce-id": ["evt_0"],
      "ce-source": ["omni/default"],
      "ce-type": ["count.Counted"],
      "ce-subject": ["subject%200"],
      "ce-time": [event!.time],
      "ce-tenant": ["default"],
      "ce-sequence": [event!.sequence],
      "ce-actorid": ["Zo%C3%AB%20%22Z%22%20100%25"]
    })
    expect(message?.header.get("Nats-Msg-Id")).toBe("default.evt_0")
    await log.close()
    expect(connection.isClosed()).toBe(false)
    await connection.close()
  })

  it("what others put into the stream is passed over, and said, when it is no event of a log; their quoted headers are read", async () => {
    const errors: Array<unknown> = []
    const connection = await connect({ servers: [...servers.urls] })
    const log = nats({ stream: "mixed", partitions: 1, connection, onError: (error) => errors.push(error) })
    await log.last("default")
    const js = jetstream(connection)
    await js.publish("mixed.default.0.s.T", "not an event")
    const head = headers()
    for (const [name, value] of Object.entries({
      specversion: "1.0",
      id: "1",
      source: "x",
      type: '"T \\"quoted\\""',
      tenant: "t",
      sequence: "1"
    }))
      head.set(`Ce-${name}`, value)
    await js.publish("mixed.default.0.s.T", "[1]", { headers: head })
    const taken = await everything(log, "all")
    expect(taken).toEqual([
      { specversion: "1.0", id: "1", source: "x", type: 'T "quoted"', tenant: "t", sequence: "1", subject: "", data: [1] }
    ])
    expect(errors.map(String)).toEqual([expect.stringContaining("ce-specversion")])
    await log.close()
    await connection.close()
  })

  it("a stream that somebody else made has to say how many partitions it has", async () => {
    const connection = await connect({ servers: [...servers.urls] })
    await (await jetstreamManager(connection)).streams.add({ name: "foreign", subjects: ["foreign.>"] })
    const log = nats({ stream: "foreign", connection, patience: 100 })
    await expect(log.publish(counting(1, 1))).rejects.toThrow(/partitions/)
    await log.close()
    await connection.close()
  })

  it("a group whose types change goes on with the new ones", async () => {
    const connection = await connect({ servers: [...servers.urls] })
    const log = nats({ stream: "types", connection })
    const [a, b, c] = counting(3, 1).map((event, i) => ({ ...event, type: ["A", "B", "B"][i]! }))
    const join = async (types: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
      const taken: Array<string> = []
      const member = await log.subscribe("all", async ({ event }) => void taken.push(event.id), { types, dead: async () => undefined })
      await member.idle()
      await member[Symbol.asyncDispose]()
      return taken
    }
    await log.publish([a!])
    expect(await join(["A"])).toEqual(["evt_0"])
    await log.publish([b!, c!])
    expect(await join(["A", "B"])).toEqual(["evt_1", "evt_2"])
    await log.close()
    await connection.close()
  })
})
