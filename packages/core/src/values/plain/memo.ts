/** The most results that a memo keeps; beyond that it starts anew, so that keys chosen by strangers cannot fill the memory. */
const LIMIT = 500

/** Remembers what a pure function made of a text: `Intl` objects cost tens of microseconds to make, and one to use. */
export const memo = <A>(make: (key: string) => A): ((key: string) => A) => {
  const made = new Map<string, A>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    if (made.size >= LIMIT) made.clear()
    made.set(key, value)
    return value
  }
}
