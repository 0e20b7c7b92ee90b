import { type LoggedMessage, MessageSent } from "@omni/channels"
import { isEvent, type Position, type Recorded, type RowOf } from "@omni/core"
import { NpsAnswered } from "@omni/nps"
import type { Consents } from "@omni/profile"

import type { Omnishop } from "../app.ts"
import { StoryEnded } from "../shop/model.ts"

/** The story as it lies in the store: its events in the order of the log, and what they refer to. */
export interface StoryRecord {
  readonly events: ReadonlyArray<Recorded>
  /** Messages that were delivered, by id. */
  readonly messages: ReadonlyMap<string, LoggedMessage>
  /** Ledger entries of consent, by id. */
  readonly consents: ReadonlyMap<string, RowOf<typeof Consents>>
  /** What was written beside a score, by the order that it is about. */
  readonly comments: ReadonlyMap<string, string>
}

/** Reads the story back from the store: the log up to the story's end, and the rows that its events name. */
export const readStory = async (omni: Omnishop, customer: string): Promise<StoryRecord> => {
  const events = await eventsOf(omni)
  const sent = events.flatMap((recorded) => (isEvent(MessageSent, recorded) ? [recorded.data.message] : []))
  const messages = await Promise.all(sent.map(async (message) => [message, await omni.channels.message({ message })] as const))
  const { evidence } = await omni.profile.consents({ profile: customer })
  const surveys = new Set(events.flatMap((recorded) => (isEvent(NpsAnswered, recorded) ? [recorded.data.survey] : [])))
  const answers = await Promise.all([...surveys].map((survey) => omni.nps.answers({ survey })))
  return {
    events,
    messages: new Map(messages),
    consents: new Map(evidence.items.map(({ id, row }) => [id, row])),
    comments: new Map(answers.flatMap(({ items }) => items.map(({ row }) => [row.about ?? "", row.comment ?? ""] as const)))
  }
}

/** What an import has added after the story's end is not read. */
const eventsOf = async (omni: Omnishop): Promise<ReadonlyArray<Recorded>> => {
  const events: Array<Recorded> = []
  let after: Position | undefined
  for (;;) {
    const page = await omni.events({ limit: 200, ...(after === undefined ? {} : { after }) })
    for (const recorded of page.events) {
      if (isEvent(StoryEnded, recorded)) return events
      events.push(recorded)
    }
    if (page.events.length === 0) return events
    after = page.upto
  }
}
