import { type EventType, fail, Id, Instant, operation, reactor, type Reactor, type Recorded, type Tx } from "@omni/core"
import * as z from "zod"

import { JsonValue, Timeline, Tracked } from "./model.ts"
import { liveProfile, profileNotFound } from "./resolve.ts"
import { knownAs, provenanceOf, Said } from "./said.ts"

/** Something that happened with a customer, as it is tracked. */
export const Track = z.object({
  profile: Id,
  /** What happened: "product viewed". */
  type: z.string().min(1).max(200),
  at: Instant.exactOptional(),
  ...Said.shape,
  properties: z.record(z.string().max(200), JsonValue).exactOptional()
})
export type Track = z.input<typeof Track>

/**
 * Writes an entry into a customer's timeline. The same `message` of the same `source` (the channel of the call, unless said) is written
 * once: a repetition gives the first entry, as `duplicate`. Refuses with `ProfileNotFound`.
 */
export const track = operation("profile.track", Track, function* (tx, input) {
  const provenance = provenanceOf(tx, input)
  const entry = input.message === undefined ? tx.newId("trk") : entryOf(input.source ?? tx.actor.channel ?? "", input.message)
  if (input.message !== undefined && tx.get(Timeline, entry) !== undefined) return { entry, duplicate: true }
  const row = liveProfile(tx, input.profile)
  if (row === undefined) return yield* fail(profileNotFound(input.profile))
  const { properties, type } = input
  const what = { profile: row.id, type, ...(properties === undefined ? {} : { properties }) }
  tx.put(Timeline, entry, { ...what, ...provenance, ...knownAs(row, input.profile) })
  tx.emit(Tracked, row.id, { ...what, entry, at: provenance.at })
  return { entry, duplicate: false }
})

/** Messages are counted apart for each source: two systems may use the same id. */
const entryOf = (source: string, message: string): string => `${encodeURIComponent(source)}/${message}`

/** An entry that an event of another package makes: whose timeline it belongs to, what it is called there, and its particulars. */
export interface Entry {
  readonly profile: string
  readonly type: string
  readonly properties?: Track["properties"]
}

/** Which events of other packages belong into the timeline, and as what: made by `entryFor`. */
export interface TimelineSource {
  readonly event: EventType
  readonly entry: (recorded: Recorded) => Entry | undefined
}

/** Puts the events of one type into the timeline: `entryFor(OrderPlaced, ({ data }) => ({ profile: data.customer, type: "order placed" }))`. */
export const entryFor = <D>(event: EventType<D>, entry: (recorded: Recorded<D>) => Entry | undefined): TimelineSource => ({
  event,
  // The reactor gives `entry` no other event than those named `event.name`.
  entry: (recorded) => entry(recorded as Recorded<D>)
})

/** One reactor for all of them, so that a customer's entries keep their order. Events of unknown or erased customers are passed over. */
export const recording = (sources: ReadonlyArray<TimelineSource>): Reactor =>
  reactor(
    "profile.timeline",
    sources.map(({ event }) => event),
    function* (tx, recorded) {
      const entry = sources.find(({ event }) => event.name === recorded.type)?.entry(recorded)
      if (entry === undefined || liveProfile(tx, entry.profile) === undefined) return
      yield* record(tx, entry, recorded)
    },
    { from: "start", imports: "run" }
  )

function* record(tx: Tx, { profile, properties, type }: Entry, { id, time }: Recorded) {
  yield* track(tx, { profile, type, at: time, source: "omni", message: id, ...(properties === undefined ? {} : { properties }) })
}
