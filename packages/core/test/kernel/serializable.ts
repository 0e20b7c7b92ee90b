import { collection, createOmni, event, fail, module, operation, query, type Position, type StoreDriver } from "@omni/core"
import * as fc from "fast-check"
import { assert } from "vitest"
import * as z from "zod"

/**
 * Operations whose whole effect is visible: each records what it read. The log is then the serial order, and an oracle that runs the
 * same operations one by one in that order must have read the same.
 */

const Cells = collection("t.cells", { schema: z.object({ value: z.number() }), indexes: { value: ["value"] } })
const Step = z.object({
  name: z.string(),
  reads: z.array(z.string()),
  /** Whether it goes on to read the cell that what it has read points at. */
  chase: z.boolean(),
  /** The cell that gets the sum of what was read, plus one; or is removed. */
  writes: z.array(z.string()),
  remove: z.boolean(),
  /** Refused when the sum is over this, before or after it has written. */
  most: z.number(),
  hasty: z.boolean()
})
export type Step = z.output<typeof Step>
const Ran = event("t.Ran", z.object({ step: Step, read: z.array(z.number().nullable()) }))

const run = operation("t.run", Step, function* (tx, step) {
  const first = tx.getMany(Cells, step.reads).map((cell) => cell?.value ?? null)
  const read = step.chase ? [...first, tx.get(Cells, target(first))?.value ?? null] : first
  const sum = total(read)
  const refusal = { _tag: "TooMuch" as const, message: "too much", read }
  if (sum > step.most && !step.hasty) return yield* fail(refusal)
  for (const cell of step.writes) {
    if (step.remove) tx.remove(Cells, cell)
    else tx.put(Cells, cell, { value: sum + 1 })
  }
  if (sum > step.most) return yield* fail(refusal)
  tx.emit(Ran, step.name, { step, read })
  return read
})

const all = query("t.all", z.object({ ids: z.array(z.string()) }), function* (view, { ids }) {
  const values = view.getMany(Cells, ids).map((cell) => cell?.value ?? null)
  const listed = view.find(Cells, "value").items.map(({ id, row }) => [row.value, id] as const)
  return { values, listed }
})

const target = (read: ReadonlyArray<number | null>): string => cells[total(read) % cells.length]!

const total = (read: ReadonlyArray<number | null>): number => read.reduce<number>((sum, value) => sum + (value ?? 0), 0)

const cells = ["a", "b", "c", "d"]
const some = fc.uniqueArray(fc.constantFrom(...cells), { maxLength: 3 })

export const steps = (length: number) =>
  fc.array(
    fc.record({
      reads: some,
      chase: fc.boolean(),
      writes: some,
      remove: fc.nat(9).map((n) => n === 0),
      most: fc.constantFrom(3, 20, 1e9),
      hasty: fc.boolean()
    }),
    {
      minLength: 1,
      maxLength: length
    }
  )

type Cells = ReadonlyMap<string, number>

const look = (state: Cells, { reads, chase = false }: Pick<Step, "reads"> & { readonly chase?: boolean }): ReadonlyArray<number | null> => {
  const first = reads.map((cell) => state.get(cell) ?? null)
  return chase ? [...first, state.get(target(first)) ?? null] : first
}

/** Runs the steps through several clients at once and checks them against the oracle. */
export const checkSerializable = async (
  drivers: ReadonlyArray<StoreDriver>,
  list: ReadonlyArray<Omit<Step, "name">>,
  options: {
    readonly batch?: number
    readonly keyed?: boolean
    readonly reader?: StoreDriver
    readonly settled?: () => Promise<unknown>
  } = {}
): Promise<void> => {
  const modules = { t: module("t", { operations: { run }, queries: { all } }) }
  const clients = drivers.map((store) => createOmni({ store, modules, verify: false, batch: options.batch ?? 1024 }))
  const reader = options.reader === undefined ? clients[0]! : createOmni({ store: options.reader, modules, verify: false })
  const logLength = async () => (await reader.events({ limit: 1000 })).events.length
  const results = await Promise.all(
    list.map(async (fields, i) => {
      const step = { ...fields, name: `s${i}` }
      const before = await logLength()
      const result = await clients[i % clients.length]!.t.safe.run(step, options.keyed === true ? { key: step.name } : {})
      return { step, result, before, after: await logLength() }
    })
  )
  await options.settled?.()
  const { events } = await reader.events({ limit: 1000 })
  const log = events.map((e) => e.data as { step: Step; read: ReadonlyArray<number | null> })
  const states: Array<Cells> = [new Map()]
  for (const { step, read } of log) {
    const state = new Map(states.at(-1)!)
    assert.deepEqual(read, look(state, step), `${step.name} did not read what a serial run would have`)
    for (const cell of step.writes) {
      if (step.remove) state.delete(cell)
      else state.set(cell, total(read) + 1)
    }
    states.push(state)
  }
  const done = new Set(log.map(({ step }) => step.name))
  assert.equal(done.size, log.length, "a step took effect twice")
  for (const { step, result, before, after } of results) {
    assert.equal(
      result.ok,
      done.has(step.name),
      `${step.name} was answered ${result.ok} and is ${done.has(step.name) ? "" : "not "}in the log`
    )
    if (result.ok) continue
    // A refusal must have been right at some moment between the call and its answer.
    const error = result.error as { readonly read?: ReadonlyArray<number | null> }
    assert.isDefined(error.read, `${step.name} failed with ${JSON.stringify(result.error)}`)
    const right = states
      .slice(before, after + 1)
      .some((state) => JSON.stringify(look(state, step)) === JSON.stringify(error.read) && total(error.read!) > step.most)
    assert.isTrue(right, `${step.name} was refused on ${JSON.stringify(error.read)}, which was never so`)
  }
  const last = states.at(-1)!
  const { values, listed } = await reader.t.all({ ids: cells })
  assert.deepEqual(values, look(last, { reads: cells }))
  const order = [...last].map(([id, value]) => [value, id] as const).toSorted(([a, x], [b, y]) => a - b || (x < y ? -1 : 1))
  assert.deepEqual(listed, order, "the index does not say what the rows do")
}

/** Positions of the log strictly rise. */
export const rising = (positions: ReadonlyArray<Position>): boolean => positions.every((p, i) => i === 0 || positions[i - 1]! < p)
