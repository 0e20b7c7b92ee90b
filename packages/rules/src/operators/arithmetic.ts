import { invalidArguments, notANumber } from "../failure.ts"
import { eager, type Operator } from "../operator.ts"
import { calculated, toNumber } from "../values.ts"

type Step = (left: number, right: number) => number

/** Folds the arguments from the left. Fails with `NaN` when one of them, or the result, is no finite number. */
const fold = (values: ReadonlyArray<unknown>, step: Step): number => {
  if (values.length === 0) throw invalidArguments
  return calculated(values.map(toNumber).reduce((left, right) => step(left, right)))
}

const plus: Step = (left, right) => left + right
const times: Step = (left, right) => left * right
const minus: Step = (left, right) => left - right
const modulo: Step = (left, right) => left % right
const over: Step = (left, right) => {
  if (right === 0) throw notANumber
  return left / right
}

/** The calculations. Texts of numbers, booleans (1 and 0) and null (0) are numbers; a remainder has the sign of the dividend. */
export const arithmetic: Readonly<Record<string, Operator>> = {
  "+": eager({ least: 0 }, (values) => fold([0, ...values], plus)),
  "*": eager({ least: 0 }, (values) => fold([1, ...values], times)),
  "-": eager({ least: 1 }, (values) => fold(values.length === 1 ? [0, ...values] : values, minus)),
  "/": eager({ least: 1 }, (values) => fold(values.length === 1 ? [1, ...values] : values, over)),
  "%": eager({ least: 2 }, (values) => fold(values, modulo)),
  max: eager({ least: 1 }, (values) => fold(values, Math.max)),
  min: eager({ least: 1 }, (values) => fold(values, Math.min))
}
