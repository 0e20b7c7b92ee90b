import type { EventType, Recorded } from "@omni/core"

import type { StoryRecord } from "./record.ts"

/** A line of the timeline: when, on which channel, and what happened. */
export interface Line {
  readonly at: number
  readonly channel: string
  readonly text: string
}

/** What an event of one type says, seen in the record; `undefined` when the timeline has nothing to say of it. */
export interface Telling {
  readonly event: EventType
  readonly line: (recorded: Recorded, story: StoryRecord) => Line | undefined
}

/** What a telling may say: the text alone, or with another time or channel than those of the event. */
type Said = string | undefined | (Partial<Line> & Pick<Line, "text">)

/** Says in words what events of a type tell. */
export const telling = <D>(event: EventType<D>, say: (recorded: Recorded<D>, story: StoryRecord) => Said): Telling => ({
  event,
  line: (recorded, story) => {
    // Only events of this type are handed in: see `linesOf`.
    const said = say(recorded as Recorded<D>, story)
    if (said === undefined) return undefined
    const line = { at: recorded.time, channel: recorded.actor.channel ?? "system" }
    return typeof said === "string" ? { ...line, text: said } : { ...line, ...said }
  }
})

/** The lines that a story's events give, in the order in which things happened. */
export const linesOf = (story: StoryRecord, tellings: ReadonlyArray<Telling>): ReadonlyArray<Line> => {
  const byType = new Map(tellings.map((one) => [one.event.name, one]))
  return story.events
    .flatMap((recorded) => byType.get(recorded.type)?.line(recorded, story) ?? [])
    .map((line, place) => ({ line, place }))
    .sort((a, b) => a.line.at - b.line.at || a.place - b.place)
    .map(({ line }) => line)
}
