import type { Actor, EventType, Recorded } from "../kernel/event.ts"
import type { Vault } from "../personal/vault.ts"
import type { Position } from "../ports/store.ts"

interface Envelope {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: string
  readonly time: string
  readonly actorkind: Actor["kind"]
  readonly actorid?: string
  readonly actorchannel?: string
  readonly imported?: true
  readonly data: unknown
}

/** Reads recorded events; the personal data of those who have been erased is absent. */
export const openEvents = async (
  stored: ReadonlyArray<{ readonly position: Position; readonly body: string }>,
  vault: Vault
): Promise<ReadonlyArray<Recorded>> => {
  const envelopes = stored.map(({ body }) => JSON.parse(body) as Envelope)
  const opened = await vault.open(envelopes.map(({ id, data }) => ({ value: data, place: id })))
  return envelopes.map((e, i) => ({
    position: stored[i]!.position,
    id: e.id,
    source: e.source,
    type: e.type,
    subject: e.subject,
    time: Date.parse(e.time),
    imported: e.imported === true,
    actor: {
      kind: e.actorkind,
      ...(e.actorid === undefined ? {} : { id: e.actorid }),
      ...(e.actorchannel === undefined ? {} : { channel: e.actorchannel })
    },
    data: opened[i]!.value
  }))
}

/** Narrows a recorded event to its type. */
export const isEvent = <D>(type: EventType<D>, recorded: Recorded): recorded is Recorded<D> => recorded.type === type.name
