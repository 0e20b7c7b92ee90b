import { invalidArguments, notANumber } from "./failure.ts"

/** Truth in JSONLogic: that of JavaScript, but an empty list is false; `{}` and `"0"` are true. */
export const isTruthy = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value))

/** A finite-or-infinite number for a number, a numeric text (`""` is 0), a boolean or null. Fails with `NaN` for all else. */
export const toNumber = (value: unknown): number => {
  const number = typeof value === "object" && value !== null ? Number.NaN : Number(value ?? 0)
  if (Number.isNaN(number)) throw notANumber
  return number
}

/** The result of a calculation: finite and without a negative zero, as JSON has no other numbers. Fails with `NaN`. */
export const calculated = (number: number): number => {
  if (!Number.isFinite(number)) throw notANumber
  return number + 0
}

/** The text of a value: nothing for null, elements of a list with commas between. Fails for objects and lists in lists. */
export const toText = (value: unknown): string => (Array.isArray(value) ? value.map(scalarText).join(",") : scalarText(value))

/** The text of a value that is no list or object; nothing for null. Fails for others. */
export const scalarText = (value: unknown): string => {
  if (value === null || value === undefined) return ""
  if (typeof value === "object") throw invalidArguments
  return String(value)
}

/** Facts may be any JavaScript; a rule sees JSON, where what is absent is null. */
export const orNull = (value: unknown): unknown => (value === undefined ? null : value)
