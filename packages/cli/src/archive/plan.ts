import type { Position, ScopedStore } from "@omni/core"

import { eventsBetween } from "./digest.ts"

/** The next events of a log that belong into one file. */
export interface Planned {
  readonly month: string
  readonly first: Position
  readonly last: Position
}

/** The month (UTC) of an instant: `2026-03`. */
const monthOf = (time: number): string => new Date(time).toISOString().slice(0, 7)

/**
 * The events after a position that were recorded in one month and before an instant. When an event was recorded is known from its own
 * time, which follows the store's clock; that of an imported event does not, so it goes where the next one after it that was not
 * imported goes, and stays in the log as long as none came.
 */
export const nextPart = async (store: ScopedStore, after: Position, before: number): Promise<Planned | undefined> => {
  const { position: end } = await store.read([])
  let part: Planned | undefined
  let clock = -Infinity
  let imported: Position | undefined
  for await (const { position, body } of eventsBetween(store, after, end)) {
    const event = JSON.parse(body) as { readonly time: string; readonly imported?: boolean }
    if (event.imported === true) {
      imported ??= position
      continue
    }
    // Processes whose clocks differ a little do not make a month begin twice.
    clock = Math.max(clock, Date.parse(event.time))
    if (clock >= before || (part !== undefined && monthOf(clock) !== part.month)) return part
    part = { month: monthOf(clock), first: part?.first ?? imported ?? position, last: position }
    imported = undefined
  }
  return part
}

/** Up to where the log holds only what was recorded before an instant. */
export const endBefore = async (store: ScopedStore, after: Position, before: number): Promise<Position> => {
  let end = after
  for (let part = await nextPart(store, end, before); part !== undefined; part = await nextPart(store, end, before)) end = part.last
  return end
}
