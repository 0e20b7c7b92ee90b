import { Failure, limitExceeded } from "../failure.ts"
import { own } from "../fields.ts"
import { eager, type Operator } from "../operator.ts"
import { within } from "../scope.ts"
import { orNull } from "../values.ts"

/** `throw`: fails with a text as its type, or with an object that has one. */
export const raise: Operator = eager({ least: 1 }, ([thrown]) => {
  throw failureOf(thrown)
})

const failureOf = (thrown: unknown): Failure => {
  if (typeof thrown !== "object" || thrown === null) return new Failure(String(thrown), { type: thrown })
  const type = own(thrown, "type")
  return new Failure(typeof type === "string" ? type : "Error", thrown)
}

/** `try`: the first value that does not fail; every further one reads `{ "type": ... }` of the failure before it. */
export const attempt: Operator = (args, site) => {
  const list = Array.isArray(args) ? args : [args]
  const [first, ...fallbacks] = list.map((arg, at) => {
    const step = Array.isArray(args) ? [at] : []
    return at === 0 ? site.part(arg, ...step) : site.inner(arg, ...step)
  })
  if (first === undefined) throw site.invalid("at least 1 argument", args)
  return (data, scope) => {
    let failure: Failure
    try {
      return first(data, scope)
    } catch (caught) {
      failure = catchable(caught)
    }
    for (const fallback of fallbacks) {
      try {
        return orNull(fallback({ type: failure.type }, within(undefined, 0, data, scope)))
      } catch (caught) {
        failure = catchable(caught)
      }
    }
    throw failure
  }
}

const catchable = (caught: unknown): Failure => {
  if (caught instanceof Failure && caught !== limitExceeded) return caught
  throw caught
}
