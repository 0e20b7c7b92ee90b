import { holds, pause, same } from "../assert.ts"
import { law, sameOrder, taking } from "./bench.ts"

const again = law("what fails is tried again, not at once, before anything after it of its subject; the rest comes too", async (bench) => {
  const log = bench.log()
  const at: Array<number> = []
  const taken = taking(async ({ event, attempt }) => {
    if (event.data !== "bad") return
    at.push(Date.now())
    if (attempt < 3) throw new Error("not yet")
  })
  const events = [log.next("s", "bad"), log.next("s"), ...log.some(20, 5), log.next("s")]
  await bench.join(bench.driver, "all", taken.handler, { backoff: (attempts) => 100 * attempts })
  await bench.driver.publish(events)
  await bench.soon(() => same(taken.events().length, events.length, "how many came"))
  const order = taken.deliveries.map(({ event, attempt }) => `${events.findIndex(({ id }) => id === event.id)}/${attempt}`)
  same(
    order.filter((one) => ["0", "1", String(events.length - 1)].includes(one.split("/")[0]!)),
    ["0/1", "0/2", "0/3", "1/1", `${events.length - 1}/1`],
    "the tries of the subject whose first event fails twice"
  )
  holds(
    at[1]! - at[0]! >= 90 && at[2]! - at[1]! >= 180,
    `the times between tries: ${at[1]! - at[0]!} and ${at[2]! - at[1]!} ms, of 100 and 200`
  )
})

const given = law("what fails in every try is given up, once `dead` has taken it, and its subject goes on", async (bench) => {
  const log = bench.log()
  const taken = taking(async ({ event }) => {
    if (event.data === "bad") throw new Error("never")
  })
  const dead: Array<readonly [string, number, string]> = []
  const events = [log.next("s", "bad"), log.next("s"), log.next("s", "bad"), log.next("s")]
  await bench.join(bench.driver, "all", taken.handler, {
    tries: 3,
    dead: async ({ event, attempt }, error) => {
      dead.push([event.id, attempt, (error as Error).message])
      if (dead.length === 1) throw new Error("no room for it")
    }
  })
  await bench.driver.publish(events)
  await bench.soon(() => same(taken.events().length, 4, "how many came"))
  await bench.soon(() => same(dead.length, 3, "how many were given up, with one that could not be at first"))
  same(
    dead,
    [
      [events[0]!.id, 3, "never"],
      [events[0]!.id, 4, "never"],
      [events[2]!.id, 3, "never"]
    ],
    "what was given up"
  )
  sameOrder(taken.events(), events, "events")
})

const leaves = law("a member that leaves is told, ends what it is handling, and takes nothing more", async (bench) => {
  const log = bench.log()
  const gate = bench.door()
  const ended: Array<string> = []
  let told = false
  const first = taking(async ({ event, signal }) => {
    signal.addEventListener("abort", () => (told = true))
    await gate.opened
    ended.push(event.id)
  })
  const member = await bench.join(bench.driver, "all", first.handler)
  const events = log.some(12, 1)
  await bench.driver.publish(events)
  await bench.soon(() => same(first.deliveries.length, 1, "how many the member is handling"))
  let left = false
  const leaving = member[Symbol.asyncDispose]().then(() => (left = true))
  await pause(50)
  same([told, left, ended.length], [true, false, 0], "whether it was told, and has left while it handles an event")
  gate.open()
  await leaving
  same(ended, [events[0]!.id], "what it ended")
  const second = taking()
  await bench.join(bench.other, "all", second.handler)
  await bench.soon(() => same(second.events().length, 11, "how many the next member had"))
  sameOrder(second.events(), events.slice(1), "events of the next member")
  same(first.deliveries.length, 1, "how many the member had that has left")
})

const closes = law("close waits for what is being handled; a closed client rejects, and the others go on", async (bench) => {
  const log = bench.log()
  const client = await bench.another()
  const gate = bench.door()
  const taken = taking(() => gate.opened)
  await bench.join(client, "all", taken.handler)
  await bench.driver.publish(log.some(1))
  await bench.soon(() => same(taken.deliveries.length, 1, "how many the member is handling"))
  let closed = false
  const closing = client.close().then(() => (closed = true))
  await pause(50)
  same(closed, false, "whether it is closed while it handles an event")
  gate.open()
  await closing
  await client.close()
  const calls = [() => client.publish(log.made), () => client.last(log.tenant), () => bench.join(client, "all", taken.handler)]
  for (const call of calls) {
    const rejected = await call().then(
      () => false,
      () => true
    )
    holds(rejected || client === bench.driver, "a closed client rejects")
  }
  if (client === bench.driver) return
  const rest = taking()
  await bench.join(bench.driver, "all", rest.handler)
  await bench.driver.publish(log.some(2))
  await bench.soon(() => same(rest.events().length, 2, "how many came to the others"))
})

const idles = law("a member is idle once all that was published has been handled, or waits for its next try", async (bench) => {
  const log = bench.log()
  const taken = taking(async ({ event }) => {
    await pause(5)
    if (event.subject === "bad") throw new Error("later")
  })
  const member = await bench.join(bench.driver, "all", taken.handler, { backoff: () => 60_000 })
  await bench.driver.publish([...log.some(30, 4), log.next("bad"), log.next("bad")])
  await member.idle()
  same(taken.events().length, 31, "how many had been handled when the member was idle")
})

export const failingLaws = [again, given, leaves, closes, idles]
