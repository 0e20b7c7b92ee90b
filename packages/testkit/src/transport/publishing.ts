import fc from "fast-check"

import { same } from "../assert.ts"
import { type Log, law, sameOrder, taking, type TransportBench } from "./bench.ts"

/** What a group that begins at the start finds, each time that an event is there. */
const found = async (bench: TransportBench, log: Log): Promise<void> => {
  const taken = taking()
  const member = await bench.join(bench.driver, `look at ${log.tenant}`, taken.handler)
  await bench.soon(() =>
    same(taken.events().length >= log.made.length, true, `whether ${taken.events().length} of ${log.made.length} are there`)
  )
  await member.idle()
  const events = taken.deliveries.map(({ event }) => event).filter(({ tenant }) => tenant === log.tenant)
  sameOrder(events, log.made, "published events")
  await member[Symbol.asyncDispose]()
}

const twice = law("what is published again changes nothing, whoever does it, and however much later", async (bench) => {
  const log = bench.log()
  const events = log.some(20, 4)
  await bench.driver.publish(events.slice(0, 12))
  await bench.driver.publish(events.slice(0, 12))
  await bench.other.publish(events.slice(3, 15))
  await bench.forget()
  await bench.driver.publish(events.slice(0, 16))
  await (await bench.another()).publish(events)
  await bench.forget()
  await bench.driver.publish(events)
  await bench.driver.publish([])
  await found(bench, log)
})

const racing = law("publishers of the same log at once double nothing, lose nothing and reorder nothing", async (bench) => {
  const logs = [bench.log(), bench.log()]
  for (const log of logs) log.some(bench.scaled(80), 9)
  const publishers = [bench.driver, bench.other, await bench.another()]
  await Promise.all(
    publishers.flatMap((publisher, p) =>
      logs.map(async ({ made }) => {
        for (let at = 0; at < made.length; at += 7 + p) await publisher.publish(made.slice(Math.max(0, at - p), at + 7 + p))
      })
    )
  )
  for (const log of logs) await found(bench, log)
})

const pieces = law("a log may be published in any pieces that overlap, those of several tenants in one", async (bench) => {
  const cuts = fc.array(fc.tuple(fc.nat(10), fc.nat(5), fc.nat(2)), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(cuts, async (steps) => {
      const logs = [bench.log(), bench.log()]
      for (const log of logs) log.some(30, 3)
      const ends = [0, 0]
      for (const [size, back, who] of [...steps, [30, 0, 0] as const, [30, 0, 1] as const, [30, 0, 2] as const]) {
        const batch = logs.flatMap(({ made }, i) => made.slice(Math.max(0, ends[i]! - back), (ends[i] = Math.min(30, ends[i]! + size))))
        await [bench.driver, bench.other, bench.driver][who]!.publish(batch)
      }
      for (const log of logs) await found(bench, log)
    }),
    { ...bench.runs(3), interruptAfterTimeLimit: 4 * bench.patience }
  )
})

export const publishingLaws = [twice, racing, pieces]
