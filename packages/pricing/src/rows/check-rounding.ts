import { InvalidContext } from "../errors.ts"
import type { RoundingPolicy } from "../model.ts"

const levels: ReadonlyArray<string> = ["unit", "line", "rate", "document"]
const modes: ReadonlyArray<string> = ["half-up", "half-down", "half-even", "half-ceiling", "half-floor", "up", "down", "ceiling", "floor"]

/** A policy names a level and modes that there are. */
export const checkRounding = ({ level, mode, cash }: RoundingPolicy): void => {
  oneOf("rounding.level", level, levels)
  oneOf("rounding.mode", mode, modes)
  if (cash === undefined) return
  oneOf("rounding.cash.mode", cash.mode ?? mode, modes)
  if (!Number.isSafeInteger(cash.increment) || cash.increment < 1)
    throw wrong("rounding.cash.increment", cash.increment, "a whole number of minor units of at least one")
}

const oneOf = (field: string, value: string, known: ReadonlyArray<string>): void => {
  if (!known.includes(value)) throw wrong(field, value, `one of ${known.join(", ")}`)
}

const wrong = (field: string, value: unknown, wanted: string): InvalidContext =>
  new InvalidContext({ field, message: `"${field}" is ${String(value)}; write ${wanted}.` })
