import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

import { type Case, type DataFile, defineSuite, type Options } from "../../../scripts/conform/suite.ts"
import { type Figures, figuresOf } from "./recommend/measure.ts"
import { type Split, splitAt, splitOf } from "./recommend/split.ts"
import { isTransactions, transactionsOf } from "./recommend/transactions.ts"
import type { Answers, Question } from "./recommend/trial.ts"

/** A figure of ours, and what it has to be. */
interface Input {
  readonly figure: number
}

interface Target {
  readonly atLeast?: number
  readonly below?: number
}

const METHODS = ["popularity", "personal frequency", "item-kNN", "EASE", "ours"] as const

interface Measured extends Pick<Answers, "seconds" | "memoryMB"> {
  readonly new: Figures
  readonly repeats: Figures
}

const rounded = (_key: string, value: unknown): unknown => (typeof value === "number" ? Number(value.toPrecision(4)) : value)

const show = (line: object): void => console.log(JSON.stringify(line, rounded))

const tryMethod = (name: string, question: string): Answers => {
  const trial = fileURLToPath(new URL("recommend/trial.ts", import.meta.url))
  const { error, status, stderr, stdout } = spawnSync(process.execPath, ["--conditions=@omni/source", trial, name], {
    input: question,
    encoding: "utf8",
    maxBuffer: 2 ** 30
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr.slice(-1_000)}`)
  return JSON.parse(stdout)
}

const measured = (name: string, question: string, split: Split, catalogue: number): Measured => {
  const { answerMillis, elapsed, memoryMB, note, seconds, stranger, ...answers } = tryMethod(name, question)
  const of = (kind: "new" | "repeats"): Figures =>
    figuresOf(
      split.asked.map(({ again, fresh }, at) => ({ given: answers[kind][at] ?? [], wanted: kind === "new" ? fresh : again })),
      catalogue
    )
  const figures = { new: of("new"), repeats: of("repeats") }
  const unknown = split.strangers.map((wanted) => ({ given: stranger, wanted }))
  const strangers = stranger.length === 0 ? {} : { strangers: figuresOf(unknown, catalogue) }
  show({ method: name, ...figures, ...strangers, seconds, elapsed, memoryMB, answerMillis, ...(note === undefined ? {} : { note }) })
  return { ...figures, seconds, memoryMB }
}

const catalogueOf = ({ train }: Split): number => new Set(train.flatMap(({ items }) => items)).size

function* targets(file: DataFile, options: Options): Iterable<Case<Input>> {
  const at = splitAt(options["split"])
  const { baskets, left, rows } = transactionsOf(file.text)
  const split = splitOf(baskets, at)
  const catalogue = catalogueOf(split)
  const counts = { train: split.train.length, items: catalogue, persons: split.asked.length, strangers: split.strangers.length }
  show({ file: file.name, rows, left, baskets: baskets.length, split: new Date(at).toISOString(), ...counts })
  const question: Question = { train: split.train, now: at, persons: split.asked.map(({ person }) => person) }
  const asked = JSON.stringify(question)
  const found = new Map(METHODS.map((name) => [name, measured(name, asked, split, catalogue)]))
  const [ease, frequency, ours] = [found.get("EASE"), found.get("personal frequency"), found.get("ours")]
  if (ease === undefined || frequency === undefined || ours === undefined) return
  const named = (name: string, figure: number, want: Target): Case<Input> => ({
    name: `${file.name} / ${name}`,
    input: { figure },
    want
  })
  for (const figure of ["recall@10", "ndcg@10"] as const) {
    if (ours.new.persons > 0) yield named(`new items, ${figure}, beside EASE`, ours.new[figure], { atLeast: ease.new[figure] })
    if (ours.repeats.persons > 0) {
      yield named(`repeats, ${figure}, beside personal frequency`, ours.repeats[figure], { atLeast: frequency.repeats[figure] })
    }
  }
  yield named("seconds of one processor to learn", ours.seconds, { below: 30 })
  yield named("memory of the whole process, MB", ours.memoryMB, { below: 1_024 })
}

const isTarget = (want: unknown): want is Target => typeof want === "object" && want !== null

const reaches = (want: unknown, got: unknown): boolean =>
  isTarget(want) && typeof got === "number" && got >= (want.atLeast ?? -Infinity) && got < (want.below ?? Infinity)

/**
 * Recommendations: a file of transactions in the form of UCI Online Retail or of The Complete Journey, split at the date
 * `--split`. It learns from what lies before, and asks for the first basket of each person from the split on; one JSON
 * line a method, then whether ours reaches what it is held to. Recall and NDCG are of ten, of the items wanted or of
 * ten of them when there are more; items that were never sold before the split count as wanted.
 */
export const suite = defineSuite<Input>({
  name: "recommend",
  accepts: (file) => /\.csv(\.gz)?$/.test(file.name) && isTransactions(file.text),
  cases: targets,
  run: ({ figure }) => figure,
  agrees: reaches
})
