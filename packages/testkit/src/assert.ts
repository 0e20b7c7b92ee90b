/** A law does not hold: what was asked for, and what came instead. */
export class LawBroken extends Error {
  override readonly name = "LawBroken"
}

/** Values as text: the fields of objects in order, absent ones left out, bytes in hexadecimal. */
export const show = (value: unknown): string => {
  if (value instanceof Uint8Array) return `bytes(${[...value].map((byte) => byte.toString(16).padStart(2, "0")).join("")})`
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`
  if (typeof value !== "object" || value === null) return typeof value === "string" ? JSON.stringify(value) : String(value)
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  return `{ ${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${name}: ${show(field)}`)
    .join(", ")} }`
}

const short = (text: string): string => (text.length <= 2000 ? text : `${text.slice(0, 2000)}… (${text.length} characters)`)

export const holds: (condition: boolean, what: string) => asserts condition = (condition, what) => {
  if (!condition) throw new LawBroken(what)
}

/** Both have the same content. `what` says which is which. */
export const same = (actual: unknown, expected: unknown, what: string): void => {
  const [found, wanted] = [show(actual), show(expected)]
  if (found !== wanted) throw new LawBroken(`${what}\n  expected ${short(wanted)}\n  found    ${short(found)}`)
}

/** What must not hang does not: rejects when `work` has no answer after some time. */
export const within = async <A>(milliseconds: number, work: Promise<A>, what: string): Promise<A> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LawBroken(`${what}: no answer within ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Holds now, or soon: `check` is repeated until it stops throwing, and its last failure counts. */
export const eventually = async (milliseconds: number, check: () => Promise<void>): Promise<void> => {
  for (const end = Date.now() + milliseconds; ; await pause(10)) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > end) throw error
    }
  }
}

export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))
