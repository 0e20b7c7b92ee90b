import { InvalidRow } from "../errors.ts"
import type { PendingEvent } from "../kernel/batch.ts"
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

/**
 * Reads recorded events; the personal data of those who have been erased is absent. What does not open for another reason is an
 * `InvalidRow`, or `absent` too where it may be sealed with a key that this app was never given.
 */
export const openEvents = async (
  stored: ReadonlyArray<{ readonly position: Position; readonly body: string }>,
  vault: Vault,
  unopened: "fails" | "absent" = "fails"
): Promise<ReadonlyArray<Recorded>> => {
  const envelopes = stored.map(({ body }) => JSON.parse(body) as Envelope)
  const opened = await vault.open(envelopes.map(({ id, data }) => ({ value: data, place: id })))
  const closed = unopened === "absent" ? -1 : opened.findIndex(({ problem }) => problem !== undefined)
  if (closed >= 0) throw unreadable(envelopes[closed]!, opened[closed]!.problem!)
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

const unreadable = ({ id, type }: Envelope, problem: string): InvalidRow =>
  new InvalidRow({ collection: "omni.events", id, issues: [], message: `The event "${id}" (${type}) ${problem}` })

/** Narrows a recorded event to its type. */
export const isEvent = <D>(type: EventType<D>, recorded: Recorded): recorded is Recorded<D> => recorded.type === type.name

/**
 * The CloudEvent 1.0 in structured JSON; who did it is in extension attributes, which must be scalars. Events of one batch share
 * most of it, so it is put together from its parts: `JSON.stringify` of the whole costs as much as the rest of the operation.
 */
export const envelope = ({ id, type, subject, time, actor, imported }: PendingEvent, scope: string, data: unknown): string => {
  const who =
    `"actorkind":"${actor.kind}"` +
    (actor.id === undefined ? "" : `,"actorid":${JSON.stringify(actor.id)}`) +
    (actor.channel === undefined ? "" : `,"actorchannel":${JSON.stringify(actor.channel)}`) +
    (imported ? `,"imported":true` : "")
  const what = `"type":${JSON.stringify(type.name)},"subject":${JSON.stringify(subject)},"time":"${iso(time)}"`
  return `{"specversion":"1.0","id":"${id}","source":${JSON.stringify(`omni/${scope}`)},${what},${who},"data":${JSON.stringify(data)}}`
}

let lastTime = Number.NaN
let lastIso = ""
const iso = (time: number): string => {
  if (time !== lastTime) {
    lastTime = time
    lastIso = new Date(time).toISOString()
  }
  return lastIso
}
