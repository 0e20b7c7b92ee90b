import type { EventPage, Position } from "@omni/core"

import { cursorOf, toPosition } from "./position.ts"
import { logEnds, type Source } from "./reading.ts"

/** Positions looked through at once for a reader of few types, and events read at once. */
const SPAN = 4096
const CHUNK = 256

type EventColumns = readonly [position: number, body: string]

export const readEvents = async (
  source: Source,
  after: Position,
  limit: number,
  types: ReadonlyArray<string> | undefined
): Promise<EventPage> => {
  const cursor = cursorOf(after)
  const [head, floor] = logEnds(source)
  if (cursor < floor) return { _tag: "PositionExpired", oldest: toPosition(floor) }
  const scope = source.names.scope(source.scope, source.on)
  const ids = types?.flatMap((type) => source.names.type(type, source.on) ?? [])
  const found: Array<EventColumns> = []
  for (let at = cursor; scope !== undefined && at < head && found.length <= limit && ids?.length !== 0;) {
    // One more than wanted tells whether the log was looked through to its end.
    const most = Math.min(CHUNK, limit + 1 - found.length)
    const end = Math.min(head, at + SPAN)
    const events = between(source, scope, at, end, ids, most)
    for (const event of events) found.push(event)
    at = events.length < most ? end : events.at(-1)![0]
    if (source.pace.isSpent()) await source.pace.pause()
  }
  const cut = found.length > limit
  const events = found.slice(0, Math.max(0, limit)).map(([position, body]) => ({ position: toPosition(position), body }))
  return { _tag: "Events", events, upto: cut ? (events.at(-1)?.position ?? after) : toPosition(Math.max(cursor, head)) }
}

const between = (
  { on }: Source,
  scope: number,
  after: number,
  end: number,
  types: ReadonlyArray<number> | undefined,
  limit: number
): ReadonlyArray<EventColumns> =>
  types === undefined
    ? on.all(
        "select position, body from event where scope = ? and position > ? and position <= ? and type <> 0 order by position limit ?",
        scope,
        after,
        end,
        limit
      )
    : on.all(
        "select position, body from event where scope = ? and position > ? and position <= ? and +type in (select value from json_each(?)) order by position limit ?",
        scope,
        after,
        end,
        JSON.stringify(types),
        limit
      )
