import { invalidArguments } from "../failure.ts"
import { eager, type Operator } from "../operator.ts"
import { isList } from "../rule.ts"
import { type Scope, spend } from "../scope.ts"
import { scalarText, toNumber, toText } from "../values.ts"

/** `cat`: the texts of all arguments, one after the other; null is no text. */
export const cat: Operator = eager({ least: 0 }, (values, scope) => {
  const text = (value: unknown): string => {
    if (isList(value)) return listText(value, scope)
    const alone = toText(value)
    spend(scope, alone.length)
    return alone
  }
  return values.map(text).join("")
})

/** The text of a list, whose length is taken from the budget before it is put together. */
const listText = (list: ReadonlyArray<unknown>, scope: Scope): string => {
  spend(scope, Math.max(0, list.length - 1))
  const texts = list.map((item) => {
    const text = scalarText(item)
    spend(scope, text.length)
    return text
  })
  return texts.join(",")
}

/** `substr`: from a position (from the end when negative), a length (or up to that far from the end when negative). */
export const substr: Operator = eager({ least: 2, most: 3 }, ([value, from, length], scope) => {
  const text = isList(value) ? listText(value, scope) : toText(value)
  const start = position(from, text.length)
  if (length === undefined || length === null) return text.slice(start)
  const count = whole(length)
  return count < 0 ? text.slice(start, Math.max(start, text.length + count)) : text.slice(start, start + count)
})

const position = (from: unknown, length: number): number => {
  const at = whole(from)
  return at < 0 ? Math.max(0, length + at) : at
}

const whole = (value: unknown): number => {
  const number = toNumber(value)
  if (!Number.isInteger(number)) throw invalidArguments
  return number
}
