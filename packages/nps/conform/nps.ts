import { adjusted, type Counts, intervalOf, npsOf, standardErrorOf, tally, varianceOf, waldInterval } from "@omni/nps"

import { type Case, type DataFile, defineSuite } from "../../../scripts/conform/suite.ts"

/** Figures of an interval as published, not cut at ±100; `variance` and `se` are those of the counts that it is centred on. */
interface Figures {
  readonly n: number
  readonly nps: number
  readonly variance: number
  readonly se: number
  readonly moe95: number
  readonly lo: number
  readonly hi: number
}

interface Published extends Counts {
  readonly label: string
  readonly wald: Figures
  readonly adjusted_wald: Figures
}

/** What is asked of counts: the intervals, or one figure as a share of 1, to a tolerance. */
interface Input {
  readonly counts: Counts
  readonly figure: "wald" | "adjusted_wald" | "nps" | "variance" | "se"
}

interface Want {
  readonly figures: { readonly [name: string]: number }
  readonly tolerance: number
}

type Row = readonly [numbers: ReadonlyArray<number>, want: number]

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const contentOf = (file: DataFile): Readonly<Record<string, unknown>> => {
  const content: unknown = JSON.parse(file.text)
  if (!isRecord(content)) throw new Error("expected an object of figures")
  return content
}

const listOf = <A>(value: unknown): ReadonlyArray<A> => (Array.isArray(value) ? value : [])

const ORACLES = ["nps", "nps_from_scores", "variance", "se"] as const

function* publishedCases(file: DataFile, content: Readonly<Record<string, unknown>>): Iterable<Case<Input>> {
  for (const { adjusted_wald, label, wald, ...counts } of listOf<Published>(content["cases"])) {
    yield { name: `${file.name} / ${label} / Wald`, input: { counts, figure: "wald" }, want: { figures: wald, tolerance: 1e-9 } }
    const want = { figures: adjusted_wald, tolerance: 1e-9 }
    yield { name: `${file.name} / ${label} / adjusted Wald`, input: { counts, figure: "adjusted_wald" }, want }
  }
}

function* oracleCases(file: DataFile, content: Readonly<Record<string, unknown>>): Iterable<Case<Input>> {
  for (const oracle of ORACLES) {
    for (const [numbers, want] of listOf<Row>(content[oracle])) {
      const [detractors = 0, passives = 0, promoters = 0] = numbers
      const counts = oracle === "nps_from_scores" ? tally(numbers) : { promoters, passives, detractors }
      const figure = oracle === "nps_from_scores" ? "nps" : oracle
      const tolerance = oracle === "se" ? Number(content["se_tolerance"] ?? 1e-3) : 1e-9
      yield {
        name: `${file.name} / ${oracle} / ${numbers.join()}`,
        input: { counts, figure },
        want: { figures: { [figure]: want }, tolerance }
      }
    }
  }
}

const intervalFigures = (counts: Counts, figure: "wald" | "adjusted_wald"): Figures => {
  const { centre, margin, n, standardError } = figure === "wald" ? waldInterval(counts) : intervalOf(counts)
  const variance = varianceOf(figure === "wald" ? counts : adjusted(counts))
  const size = figure === "wald" ? n : n + 3
  return { n: size, nps: centre, variance, se: standardError, moe95: margin, lo: centre - margin, hi: centre + margin }
}

const run = ({ counts, figure }: Input): unknown => {
  if (figure === "wald" || figure === "adjusted_wald") return intervalFigures(counts, figure)
  return {
    [figure]: { nps: () => npsOf(counts) / 100, variance: () => varianceOf(counts), se: () => standardErrorOf(counts) / 100 }[figure]()
  }
}

const isWant = (want: unknown): want is Want => isRecord(want) && isRecord(want["figures"])

const agrees = (want: unknown, got: unknown): boolean =>
  isWant(want) &&
  isRecord(got) &&
  Object.entries(want.figures).every(
    ([name, figure]) => Math.abs(Number(got[name]) - figure) <= want.tolerance * Math.max(1, Math.abs(figure))
  )

/** NPS: files of `{ cases: [{ label, promoters, passives, detractors, wald, adjusted_wald }] }`, or of `{ nps, variance, se: [[d, p, p], figure] }`. */
export const suite = defineSuite<Input>({
  name: "nps",
  accepts: (file) => file.name.endsWith(".json") && ["cases", ...ORACLES].some((name) => Array.isArray(contentOf(file)[name])),
  *cases(file) {
    const content = contentOf(file)
    yield* publishedCases(file, content)
    yield* oracleCases(file, content)
  },
  run,
  agrees
})
