/**
 * What a port that is an option answered, if it is one answer for each that it was asked of: `oneForEach("stock", "items", items, stock(view, items))`. A promise is no
 * answer: ports read what is in the store, and wait for nothing. Throws `TypeError`.
 */
export const oneForEach = <A>(option: string, what: string, asked: ReadonlyArray<unknown>, answers: ReadonlyArray<A>): ReadonlyArray<A> => {
  const given: unknown = answers
  if (Array.isArray(given) && given.length === asked.length) return answers
  const gave = Array.isArray(given) ? `${given.length} answers` : given instanceof Promise ? "a promise" : `a value of type ${typeof given}`
  throw new TypeError(
    `The option \`${option}\` gave ${gave} for ${asked.length} ${what}. Give an array with one answer for each, in their order.`
  )
}
