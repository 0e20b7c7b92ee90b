import { holds, pause, same } from "../assert.ts"
import { law, sameOrder, taking } from "./bench.ts"

const ordered = law(
  "events of a subject are handled one after the other, in the order of their log, by whichever member",
  async (bench) => {
    const log = bench.log()
    const running = new Set<string>()
    const overlaps: Array<string> = []
    const taken = taking(async ({ event }) => {
      if (running.has(event.subject)) overlaps.push(event.subject)
      running.add(event.subject)
      await pause(Number(event.data) % 3)
      running.delete(event.subject)
    })
    await bench.join(bench.driver, "all", taken.handler)
    await bench.join(bench.other, "all", taken.handler)
    const events = log.some(bench.scaled(150), 7)
    for (let at = 0; at < events.length; at += 40) await bench.driver.publish(events.slice(at, at + 40))
    await bench.soon(() => same(taken.events().length, events.length, "how many came"))
    sameOrder(taken.events(), events, "events")
    same(overlaps, [], "subjects of which two events were handled at once")
  }
)

const shared = law("members of a group share its events; each group gets all of them", async (bench) => {
  const log = bench.log()
  const [one, two, all] = [taking(() => pause(5)), taking(() => pause(5)), taking()]
  await bench.join(bench.driver, "shared", one.handler)
  await bench.join(bench.other, "shared", two.handler)
  await bench.join(bench.driver, "alone", all.handler)
  const events = log.some(bench.scaled(120), 40)
  await bench.driver.publish(events)
  await bench.soon(() => same(one.events().length + two.events().length, events.length, "how many the two members had together"))
  await bench.soon(() => same(all.events().length, events.length, "how many the other group had"))
  sameOrder(all.events(), events, "events of the other group")
  holds(one.deliveries.length > 0 && two.deliveries.length > 0, "both members had some")
})

const slow = law("a slow member loses nothing, reorders nothing and holds up no other group", async (bench) => {
  const log = bench.log()
  const gate = bench.door()
  const [slowly, quickly] = [taking(() => gate.opened), taking()]
  await bench.join(bench.driver, "slow", slowly.handler)
  await bench.join(bench.other, "quick", quickly.handler)
  const events = log.some(bench.scaled(300), 5)
  for (let at = 0; at < events.length; at += 50) await bench.driver.publish(events.slice(at, at + 50))
  await bench.soon(() => same(quickly.events().length, events.length, "how many the quick group had while the slow one stood still"))
  gate.open()
  await bench.soon(() => same(slowly.events().length, events.length, "how many the slow group had in the end"))
  sameOrder(slowly.events(), events, "events of the slow group")
})

const begins = law("a new group begins with all that there is, or with what comes", async (bench) => {
  const log = bench.log()
  const [before, after] = [log.some(5, 2), log.some(5, 2)]
  await bench.driver.publish(before)
  const [start, now] = [taking(), taking()]
  await bench.join(bench.driver, "start", start.handler)
  await bench.join(bench.driver, "now", now.handler, { from: "now" })
  await bench.driver.publish(after)
  await bench.soon(() => same(start.events().length, 10, "how many came from the start"))
  sameOrder(start.events(), [...before, ...after], "from the start")
  await bench.soon(() => same(now.events().length, 5, "how many came from now on"))
  sameOrder(now.events(), after, "from now on")
})

const outlives = law("a group goes on where its members left it, whether or not it has any meanwhile", async (bench) => {
  const log = bench.log()
  const first = taking()
  const member = await bench.join(bench.driver, "all", first.handler)
  const [early, late] = [log.some(10, 3), log.some(10, 3)]
  await bench.driver.publish(early)
  await bench.soon(() => same(first.events().length, 10, "how many the first member had"))
  await member.idle()
  await member[Symbol.asyncDispose]()
  await bench.driver.publish(late)
  const second = taking()
  await bench.join(await bench.another(), "all", second.handler, { from: "now" })
  await bench.soon(() => same(second.events().length, 10, "how many the next member had"))
  sameOrder(second.events(), late, "events of the next member")
  same(first.events().length, 10, "how many the first member had in the end")
})

export const orderingLaws = [ordered, shared, slow, begins, outlives]
