import { allocateMoney, InvalidWeights, money } from "@omni/core"

import { type Case, type DataFile, defineSuite } from "../../../scripts/conform/suite.ts"

interface Scaled {
  readonly amount: number | string
  readonly scale: number
}

interface Input {
  readonly method: string
  readonly total: number | (Scaled & { readonly base: number })
  readonly weights?: ReadonlyArray<number | Scaled>
  readonly ratios?: ReadonlyArray<number | Scaled>
}

interface Content {
  readonly cases: ReadonlyArray<Input & { readonly name: string; readonly expected: unknown }>
}

const contentOf = (file: DataFile): Content => JSON.parse(file.text)

function* cases(file: DataFile): Iterable<Case<Input>> {
  for (const { name, expected, ...input } of contentOf(file).cases) yield { name: `${input.method}: ${name}`, input, want: expected }
}

const plain = (value: number | Scaled): number => {
  if (typeof value === "number") return value
  if (value.scale !== 0) throw new Error("a weight with decimals makes amounts of another scale")
  return Number(value.amount)
}

const run = (input: Input): unknown => {
  try {
    return allocate(input)
  } catch (error) {
    if (error instanceof InvalidWeights) return { error: "invalid-ratios" }
    throw error
  }
}

const allocate = ({ method, total, weights, ratios }: Input): unknown => {
  const remainders = method === "remainder-to-largest-ratio" ? "largest-weight" : "largest-remainder"
  const shares = (amount: number) =>
    allocateMoney(money(amount, "EUR"), (weights ?? ratios ?? []).map(plain), remainders).map((share) => share.amount)
  return typeof total === "number" ? shares(total) : { amounts: shares(Number(total.amount)), scale: total.scale }
}

/** Shares of an amount: files of `{ cases: [{ name, method, total, weights | ratios, expected }] }`; the method says who gets what is left over. */
export const suite = defineSuite<Input>({
  name: "prorate",
  accepts: (file) => file.name.endsWith(".json") && contentOf(file).cases?.[0]?.method !== undefined,
  cases,
  run
})
