/** What a benchmark is written with: measure ours and each peer in turns, and print one JSON line per figure. */

/** One run of a contender: it measures itself and gives the figure, in the unit of the comparison. */
export type Run = () => number | Promise<number>

/** A question to put to ours and to what a user would pick instead. */
export interface Comparison {
  readonly bench: string
  readonly case: string
  readonly unit: string
  /** `higher` for rates, `lower` for times and sizes. */
  readonly better: "higher" | "lower"
  readonly ours: Run
  /** By the name of the peer; with none, the figure stands alone and has no ratio. */
  readonly peers: Readonly<Record<string, Run>>
  /** Measured runs of each contender; 7 unless told, three times as many with `--long`. */
  readonly rounds?: number
}

/** A line of `pnpm bench`. A ratio over 1 always means that ours is better. */
export interface Figure {
  readonly bench: string
  readonly case: string
  readonly ours: number
  readonly theirs: number | null
  readonly peer: string | null
  readonly unit: string
  readonly ratio: number | null
}

/** Whether `--long` was asked for: benchmarks may take larger inputs then. */
export const isLong: boolean = process.env["BENCH_LONG"] === "1"

/** The middle of some figures, which one slow run cannot move. */
export const median = (figures: ReadonlyArray<number>): number => {
  const sorted = figures.toSorted((left, right) => left - right)
  const middle = sorted.length >> 1
  const high = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** How often a synchronous body runs in a second, measured for at least `millis`. */
export const ratePerSecond = (body: () => unknown, millis = 100): number => {
  const began = performance.now()
  let runs = 0
  let elapsed = 0
  for (let batch = 1; elapsed < millis; batch *= 2) {
    for (let i = 0; i < batch; i++) body()
    runs += batch
    elapsed = performance.now() - began
  }
  return (runs * 1000) / elapsed
}

/** How many milliseconds a body takes once, awaited. */
export const millisOf = async (body: () => unknown): Promise<number> => {
  const began = performance.now()
  await body()
  return performance.now() - began
}

const rounded = (figure: number): number => Number(figure.toPrecision(4))

const ratioOf = ({ better }: Comparison, ours: number, theirs: number): number =>
  rounded(better === "higher" ? ours / theirs : theirs / ours)

/** Runs all contenders once to warm up, then in turns, forwards and backwards, so that drift falls on all alike. */
const measure = async (contenders: ReadonlyArray<Run>, rounds: number): Promise<ReadonlyArray<number>> => {
  const figures = contenders.map((): Array<number> => [])
  for (let round = 0; round <= rounds; round++) {
    const order = [...contenders.keys()]
    for (const index of round % 2 === 0 ? order : order.reverse()) {
      // A whole collection would throw away compiled code with what it was compiled for.
      globalThis.gc?.({ type: "minor" })
      const figure = (await contenders[index]?.()) ?? Number.NaN
      if (round > 0) figures[index]?.push(figure)
    }
  }
  return figures.map(median)
}

/** Answers a comparison: prints a JSON line per peer to stdout and a sentence to stderr, and gives the figures. */
export const compare = async (comparison: Comparison): Promise<ReadonlyArray<Figure>> => {
  const { bench, case: name, ours, peers, rounds = 7, unit } = comparison
  const [mine = Number.NaN, ...others] = await measure([ours, ...Object.values(peers)], isLong ? rounds * 3 : rounds)
  const names = Object.keys(peers)
  const against = names.map((peer, index) => ({ peer, theirs: others[index] ?? Number.NaN }))
  const common = { bench, case: name, ours: rounded(mine) }
  const figures: ReadonlyArray<Figure> =
    against.length === 0
      ? [{ ...common, theirs: null, peer: null, unit, ratio: null }]
      : against.map(({ peer, theirs }) => {
          return { ...common, theirs: rounded(theirs), peer, unit, ratio: ratioOf(comparison, mine, theirs) }
        })
  figures.forEach(show)
  return figures
}

const show = (figure: Figure): void => {
  const { ours, peer, ratio, theirs, unit } = figure
  const versus = peer === null ? "" : `, ${peer} ${theirs}: ${ratio} ×`
  console.error(`${figure.bench} / ${figure.case}: ours ${ours} ${unit}${versus}`)
  console.log(JSON.stringify(figure))
}
