import { holds } from "../assert.ts"
import { event, land, law, put, type StoreUnderTest, times } from "./bench.ts"

const needs = ({ driver }: StoreUnderTest): string | undefined => (driver.capabilities.watch ? undefined : "the store has no `watch`")

/** Counts wakes, and lets somebody wait for the next one. */
const alarm = () => {
  let count = 0
  let ring: () => void = () => undefined
  let next = new Promise<void>((resolve) => (ring = resolve))
  return {
    count: () => count,
    wake: () => {
      count++
      const wakes = ring
      next = new Promise((resolve) => (ring = resolve))
      wakes()
    },
    next: () => next
  }
}

const wakes = law(
  "a watcher is woken after each commit of the scope, whichever client made it",
  async (bench) => {
    const [one, two] = await bench.both()
    holds(one.watch !== undefined, "a store whose capabilities say `watch` has it")
    const bell = alarm()
    const watching = await one.watch(bell.wake)
    for (const i of times(6)) {
      const woken = bell.next()
      await land(i % 2 === 0 ? two : one, i % 3 === 0 ? { events: [event("s", i)] } : { writes: [put("a", i)] })
      await bench.soon(woken, `the wake after commit ${i}`)
    }
    await watching[Symbol.asyncDispose]()
  },
  needs
)

const apart = law(
  "a watcher that was disposed of leaves the others, and can be disposed of again",
  async (bench) => {
    const [one] = await bench.both()
    const bells = times(3).map(alarm)
    const watches: Array<AsyncDisposable> = []
    for (const bell of bells) watches.push(await one.watch!(bell.wake))
    const same = await one.watch!(bells[0]!.wake)
    await watches[1]![Symbol.asyncDispose]()
    await watches[1]![Symbol.asyncDispose]()
    await same[Symbol.asyncDispose]()
    const woken = [bells[0]!.next(), bells[2]!.next()]
    await land(one, { writes: [put("a", 1)] })
    await bench.soon(Promise.all(woken), "the wakes of those that still watch")
    for (const watching of watches) await watching[Symbol.asyncDispose]()
  },
  needs
)

export const watchLaws = [wakes, apart]
