import type { Identifier } from "./identifier.ts"

/** How freely identifiers may tie profiles together. */
export interface IdentityOptions {
  /**
   * The most identifiers of a type that one profile may have, `Infinity` for no limit; 20 for a type without a word here. By default a
   * profile has one `customer`, 5 of `email` and `phone`, 100 of `device`, `anonymous` and `push`.
   */
  readonly limits?: { readonly [type: string]: number }
  /** The types from the surest to the weakest, for when not all can be joined: the surest decides whom a call is about. */
  readonly priority?: ReadonlyArray<string>
  /** Identifiers that stand for nobody, beside "null", "anonymous", zeros and their like. */
  readonly blocked?: (identifier: Identifier) => boolean
  /** The most profiles that may have gone into one; 100 by default. */
  readonly merges?: number
}

/** `IdentityOptions` with everything decided. */
export interface Settings {
  readonly limitOf: (type: string) => number
  readonly rankOf: (type: string) => number
  readonly blocked: (identifier: Identifier) => boolean
  readonly merges: number
}

const LIMITS: ReadonlyMap<string, number> = new Map([
  ["customer", 1],
  ["email", 5],
  ["phone", 5],
  ["device", 100],
  ["anonymous", 100],
  ["push", 100]
])
const OTHERS = 20
const SUREST = ["customer", "email", "phone"]
const WEAKEST = ["push", "device", "anonymous"]

const rankIn =
  (priority: ReadonlyArray<string> | undefined) =>
  (type: string): number => {
    const at = (priority ?? SUREST).indexOf(type)
    if (at >= 0) return at
    const weak = priority === undefined ? WEAKEST.indexOf(type) : -1
    return weak >= 0 ? 1000 + weak : 999
  }

/** Decides what the options leave open. */
export const settingsOf = (options: IdentityOptions): Settings => ({
  limitOf: (type) =>
    (options.limits !== undefined && Object.hasOwn(options.limits, type) ? options.limits[type] : LIMITS.get(type)) ?? OTHERS,
  rankOf: rankIn(options.priority),
  blocked: options.blocked ?? (() => false),
  merges: options.merges ?? 100
})
