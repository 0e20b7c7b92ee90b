/**
 * One method in a process of its own, so that its memory is its own: takes a `Question` as JSON on its input and prints
 * its `Answers`. It is started by the suite.
 */
import { readFileSync } from "node:fs"

import type { Basket } from "@omni/recommend"

import { ease } from "./ease.ts"
import { itemKnn, personalFrequency, popularity } from "./methods.ts"
import { ours } from "./ours.ts"

/** What a method is asked: to learn, and to recommend to each of these persons. */
export interface Question {
  readonly train: ReadonlyArray<Basket>
  readonly now: number
  readonly persons: ReadonlyArray<string>
}

/** What came of it. Memory is the peak of the whole process, with what it read. */
export interface Answers {
  readonly new: ReadonlyArray<ReadonlyArray<string>>
  readonly repeats: ReadonlyArray<ReadonlyArray<string>>
  /** What is given to somebody without a history; nothing by methods that know nothing to give. */
  readonly stranger: ReadonlyArray<string>
  /** Time of one processor that learning took, and time on the clock: more on a machine that does other work too. */
  readonly seconds: number
  readonly elapsed: number
  readonly memoryMB: number
  /** The median time of one answer, rows at hand. */
  readonly answerMillis: number
  readonly note?: string
}

const methods = [popularity, personalFrequency, itemKnn, ease, ours]

const answer = (name: string, { now, persons, train }: Question): Answers => {
  const method = methods.find((one) => one.name === name)
  if (method === undefined) throw new Error(`no method is called ${name}; there are: ${methods.map((one) => one.name).join(", ")}`)
  const histories = Map.groupBy(train, ({ person }) => person ?? "")
  const notes: Array<string> = []
  const [began, used] = [performance.now(), process.cpuUsage()]
  const recommend = method.learn(train, now, (text) => notes.push(text))
  const { system, user } = process.cpuUsage(used)
  const elapsed = (performance.now() - began) / 1_000
  const times: Array<number> = []
  const given = (kind: "new" | "repeats") =>
    persons.map((person) => {
      const start = performance.now()
      const items = recommend(histories.get(person) ?? [], kind)
      times.push(performance.now() - start)
      return items
    })
  const answers = { new: given("new"), repeats: given("repeats"), stranger: recommend([], "new") }
  times.sort((left, right) => left - right)
  return {
    ...answers,
    seconds: (user + system) / 1e6,
    elapsed,
    memoryMB: process.resourceUsage().maxRSS / 1_024,
    answerMillis: times[times.length >> 1] ?? 0,
    ...(notes.length === 0 ? {} : { note: notes.join("; ") })
  }
}

console.log(JSON.stringify(answer(process.argv[2] ?? "", JSON.parse(readFileSync(0, "utf8")))))
