import { hours, type Position, type Recorded } from "@omni/core"
import { memory } from "@omni/core/memory"
import { JourneyEnded, JourneyStepped, StepDue } from "@omni/journeys"
import fc from "fast-check"
import { assert, it } from "vitest"

import { clockAt } from "./clock.ts"
import { CartChanged, NOON, open, OrderPlaced, recorders } from "./shop.ts"

type App = ReturnType<typeof open>["omni"]
type Act = "cart" | "order" | "exit" | "drain" | "drain-other" | "half-hour" | "to-due" | "day"

const dataOf = <T>(recorded: Recorded): T => recorded.data as T

/** Every event there is, in the order of the log. */
const logOf = async (omni: App): Promise<ReadonlyArray<Recorded>> => {
  const all: Array<Recorded> = []
  let after: Position | undefined
  for (;;) {
    const { events, upto } = await omni.events({ limit: 500, ...(after === undefined ? {} : { after }) })
    all.push(...events)
    if (events.length === 0) return all
    after = upto
  }
}

const tell = (log: ReadonlyArray<Recorded>, type: { readonly name: string }) => log.filter((recorded) => recorded.type === type.name)

const moves = (what: Act): boolean => what === "half-hour" || what === "to-due" || what === "day"

/** Two processes over one store. Acts of a group happen at once; the clock moves before them, since it is what deadlines are kept by. */
const play = async (groups: ReadonlyArray<ReadonlyArray<Act>>) => {
  const store = memory()
  const clock = clockAt(NOON)
  const drivers = recorders()
  const [one, other] = [store.shared(), store.shared()].map((shared) => open({ store: shared, clock, drivers }).omni)
  let count = 0
  const act = async (what: Act): Promise<unknown> => {
    switch (what) {
      case "cart":
        return one?.shop.cart({ data: { cart: "c1", customer: "jane", total: ++count } })
      case "order":
        return other?.shop.order({ data: { order: `o${++count}`, customer: "jane" } })
      case "exit":
        return one?.journeys.exit({ customer: "jane" })
      case "drain":
        return one?.drain()
      case "drain-other":
        return other?.drain()
      case "half-hour":
        return clock.advance(hours(0.5))
      case "to-due":
        return clock.advance(hours(1))
      case "day":
        return clock.advance(hours(24))
    }
  }
  for (const group of groups) {
    for (const move of group.filter(moves)) await act(move)
    await Promise.all(group.filter((what) => !moves(what)).map(act))
  }
  for (let i = 0; i < 4; i++) {
    clock.advance(hours(25))
    await one?.drain()
  }
  const log = one === undefined ? [] : await logOf(one)
  return { log, drivers, omni: one }
}

const acts = fc.constantFrom<Act>("cart", "cart", "order", "exit", "drain", "drain-other", "half-hour", "to-due", "to-due", "day")
const programs = fc.array(fc.array(acts, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 14 })

it("sends nothing after an exit, and each step once, whatever happens at once on several processes", async () => {
  let sent = 0
  let exits = 0
  await fc.assert(
    fc.asyncProperty(programs, async (groups) => {
      const { drivers, log, omni } = await play(groups)
      const at = new Map(log.map((recorded, i) => [recorded, i]))
      const entries = (await omni?.journeys.entriesOf({ customer: "jane", limit: 1000 }))?.items ?? []
      assert.isTrue(entries.every(({ row }) => row.status === "ended"))
      const steps = tell(log, JourneyStepped)
      const sends = steps.filter((recorded) => dataOf<{ message?: string }>(recorded).message !== undefined)
      for (const stepped of sends) {
        const { entry, step } = dataOf<{ entry: string; step: number }>(stepped)
        const same = (recorded: Recorded) => dataOf<{ entry: string }>(recorded).entry === entry
        assert.equal(sends.filter((other) => same(other) && dataOf<{ step: number }>(other).step === step).length, 1)
        // A step that follows another in one commit came due with that one.
        const due = tell(log, StepDue).findLast((recorded) => same(recorded) && dataOf<{ step: number }>(recorded).step <= step)
        const total = (entries.find(({ id }) => id === entry)?.row.data as { total: number } | undefined)?.total
        const began = tell(log, CartChanged).find((recorded) => dataOf<{ total: number }>(recorded).total === total)
        const [from, to, now] = [began, due, stepped].map((recorded) => (recorded === undefined ? -1 : (at.get(recorded) ?? -1)))
        const exited = tell(log, OrderPlaced).filter((order) => (at.get(order) ?? 0) > (from ?? 0) && (at.get(order) ?? 0) < (to ?? 0))
        assert.deepEqual(exited, [], "an order was placed before the step came due")
        const ended = tell(log, JourneyEnded).filter((recorded) => same(recorded) && (at.get(recorded) ?? 0) < (now ?? 0))
        assert.deepEqual(ended, [], "the entry had ended")
      }
      const messages = [...drivers.push.messages, ...drivers.email.messages].map(({ message }) => message).sort()
      assert.deepEqual(messages, sends.map((recorded) => dataOf<{ message: string }>(recorded).message).sort())
      sent += messages.length
      exits += entries.filter(({ row }) => row.reason === "exited").length
    }),
    { numRuns: 60 }
  )
  assert.isAbove(sent, 20, "the programs send something")
  assert.isAbove(exits, 10, "the programs end something")
}, 120_000)
