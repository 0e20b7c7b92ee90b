import type { StoreDriver } from "@omni/core"

import type { Context } from "./command.ts"
import { UsageError } from "./errors.ts"

const DAY = 86_400_000

/** `2026-03-01` (midnight, UTC), an instant as ISO 8601, or a number of days before now: epoch ms. */
export const instantOf = (option: string, text: string | undefined): number => {
  if (text === undefined) throw new UsageError({ message: `Before when? Say --${option} 2026-03-01, or --${option} 90 for 90 days ago.` })
  if (/^\d{1,5}$/.test(text)) return Date.now() - Number(text) * DAY
  const time = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time))
    throw new UsageError({
      message: `--${option} takes a date (2026-03-01), an instant (2026-03-01T12:00:00Z) or a number of days, and not "${text}".`
    })
  return time
}

export const countOf = (option: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UsageError({ message: `--${option} takes a count, and not "${text}".` })
}

export const oneOf = <A extends string>(option: string, text: string | undefined, choices: ReadonlyArray<A>): A | undefined => {
  if (text === undefined) return undefined
  const found = choices.find((choice) => choice === text)
  if (found === undefined) throw new UsageError({ message: `--${option} is one of ${choices.join(", ")}, and not "${text}".` })
  return found
}

/** The tenants that a command is about. */
export const tenantsOf = async ({ text }: Pick<Context, "text">, driver: StoreDriver): Promise<ReadonlyArray<string>> => {
  const tenant = text("tenant")
  return tenant === undefined ? (await driver.scopes()).map(({ scope }) => scope) : [tenant]
}

export const only = (args: ReadonlyArray<string>, what: string): string => {
  if (args.length === 1) return args[0]!
  throw new UsageError({ message: `Name ${what}, and nothing else.` })
}
