import type { Platform } from "@omni/core"

/** Long work that stops after each step of it, a fraction of a millisecond long, so that something else may have its turn there. */
export type Steps<T> = Generator<void, T, void>

/** Does the work without a stop. */
export const atOnce = <T>(work: Steps<T>): T => {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}

/** How long (ms) steps follow one another before everything else on the event loop has its turn. */
const SLICE = 4

/** Does the work in slices, between which everything else on the event loop has its turn. Rejects with what `yield` rejects with. */
export const inTurns = async <T>(work: Steps<T>, platform: Pick<Platform, "clock" | "yield">): Promise<T> => {
  for (;;) {
    for (const begun = platform.clock.now(); platform.clock.now() - begun < SLICE;) {
      const step = work.next()
      if (step.done === true) return step.value
    }
    await platform.yield()
  }
}

/** Elements that are sorted in one step. */
const RUN = 2_000

/** Sorts as `toSorted` does: parts of it first, which are then merged. */
export function* sorted<T>(all: ReadonlyArray<T>, compare: (left: T, right: T) => number): Steps<ReadonlyArray<T>> {
  let from: Array<T> = []
  for (let at = 0; at < all.length; at += RUN) {
    from.push(...all.slice(at, at + RUN).sort(compare))
    yield
  }
  for (let width = RUN; width < from.length; width *= 2) {
    const into: Array<T> = []
    for (let at = 0; at < from.length; at += 2 * width) yield* merge(from, into, at, width, compare)
    from = into
  }
  return from
}

/** Appends two neighbouring runs of a width as one. */
function* merge<T>(from: ReadonlyArray<T>, into: Array<T>, at: number, width: number, compare: (left: T, right: T) => number): Steps<void> {
  const [middle, end] = [Math.min(at + width, from.length), Math.min(at + 2 * width, from.length)]
  let [left, right] = [at, middle]
  while (left < middle || right < end) {
    const isLeft = right >= end || (left < middle && compare(from[left]!, from[right]!) <= 0)
    into.push(from[isLeft ? left++ : right++]!)
    if (into.length % RUN === 0) yield
  }
}
