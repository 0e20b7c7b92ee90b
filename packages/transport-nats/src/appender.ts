import { randomUUID } from "node:crypto"

import { JetStreamApiError, type PubAck } from "@nats-io/jetstream"
import type { MsgHdrs } from "@nats-io/transport-node"
import { EventTooLarge, TransportUnavailable, type Carried, type Position } from "@omni/core"

import type { Link, Ready } from "./link.ts"
import { dataOf, eventOf, headersOf, PARTS } from "./message.ts"
import { subjects, token } from "./names.ts"
import type { Settings } from "./options.ts"
import { pauseAfter } from "./patience.ts"

/** Messages under way at once. */
const WINDOW = 512
/** Room for headers in the server's largest message. */
const HEAD = 32_768
export const BYTES = 2 ** 25

interface Message {
  readonly id: string
  readonly subject: string
  readonly headers: MsgHdrs
  readonly data: Uint8Array
  /** The event that is there when this message is; `undefined` for all parts but the last. */
  readonly event: Carried | undefined
}

/** What became of messages that were sent together: so many of their events are there, and why the rest are not. */
interface Appended {
  readonly events: number
  readonly failure: unknown
}

/**
 * Appends events to the stream, each in its place and once. A message is taken only at the sequence that it was written for and only
 * behind the one that was sent before it, so whatever is lost, late or written by others meanwhile, what comes after it is refused
 * rather than misplaced. After a refusal the stream itself says how far each tenant has come.
 */
export class Appender {
  /** The stream's last sequence, and each tenant's last event, while nobody else appends. */
  #sequence: number | undefined
  readonly #tails = new Map<string, Position>()
  #turn: Promise<unknown> = Promise.resolve()

  readonly #link: Link
  readonly #settings: Settings

  constructor(link: Link, settings: Settings) {
    this.#link = link
    this.#settings = settings
  }

  /** Those who publish through one client take turns, for each builds on the end of the one before. */
  publish(events: ReadonlyArray<Carried>): Promise<void> {
    const published = this.#turn.then(() => this.#publish(events))
    this.#turn = published.catch(() => undefined)
    return published
  }

  async last(tenant: string): Promise<Carried | undefined> {
    const { jsm } = await this.#link.ready()
    const { stream, prefix } = this.#settings
    const found = await jsm.streams.getMessage(stream, { last_by_subj: subjects(prefix).tenant(tenant) })
    // Only its attributes are wanted, and its data may be a part.
    return found === null ? undefined : eventOf(found.header, empty)
  }

  async #publish(events: ReadonlyArray<Carried>): Promise<void> {
    const deadline = Date.now() + this.#settings.patience
    let rest = events
    for (let failures = 0; rest.length > 0;) {
      try {
        const ready = await this.#link.ready()
        rest = await this.#missing(ready, rest)
        const { events: landed, failure } = await this.#append(ready, rest)
        rest = rest.slice(landed)
        if (failure === undefined) continue
        throw failure
      } catch (error) {
        this.#forget()
        if (isFinal(error)) throw error
        if (Date.now() > deadline) throw unavailable(error, rest)
        if (!(error instanceof JetStreamApiError)) this.#link.forget()
        await pauseAfter(failures++)
      }
    }
  }

  /** The sequence is asked for before the tails: what lands in between is refused, and not written twice. */
  async #missing({ jsm }: Ready, events: ReadonlyArray<Carried>): Promise<ReadonlyArray<Carried>> {
    this.#sequence ??= (await jsm.streams.info(this.#settings.stream)).state.last_seq
    for (const tenant of new Set(events.map((event) => event.tenant)))
      if (!this.#tails.has(tenant)) this.#tails.set(tenant, (await this.last(tenant))?.sequence ?? ("" as Position))
    return events.filter((event) => event.sequence > this.#tails.get(event.tenant)!)
  }

  async #append({ connection, js, partitions }: Ready, events: ReadonlyArray<Carried>): Promise<Appended> {
    const { stream, timeout } = this.#settings
    const room = (connection.info?.max_payload ?? 1_048_576) - HEAD
    const { messages, tooLarge } = this.#messages(events, partitions, room)
    if (messages.length === 0) return { events: 0, failure: tooLarge }
    const first = this.#sequence!
    const acks = await Promise.allSettled(
      messages.map(({ id, subject, headers, data }, i) =>
        js.publish(subject, data, {
          msgID: id,
          headers,
          timeout,
          expect: { streamName: stream, lastSequence: first + i, ...(i === 0 ? {} : { lastMsgID: messages[i - 1]!.id }) }
        })
      )
    )
    return this.#settle(messages, acks, tooLarge)
  }

  /** Somebody else has appended, or may have: the stream is to be asked how far it has come. */
  #forget(): void {
    this.#sequence = undefined
    this.#tails.clear()
  }

  /** They landed up to the first that did not; one that the server knew already is there, but not at this place. */
  #settle(messages: ReadonlyArray<Message>, acks: ReadonlyArray<PromiseSettledResult<PubAck>>, failure: unknown): Appended {
    let events = 0
    for (const [i, ack] of acks.entries()) {
      if (ack.status === "rejected") return { events, failure: ack.reason }
      const { event } = messages[i]!
      if (event !== undefined) {
        events++
        this.#tails.set(event.tenant, event.sequence)
      }
      if (ack.value.duplicate) {
        this.#forget()
        return { events, failure: undefined }
      }
      this.#sequence = ack.value.seq
    }
    return { events, failure }
  }

  /** As many as may be under way at once, up to one that is too large. */
  #messages(events: ReadonlyArray<Carried>, partitions: number, room: number): { messages: ReadonlyArray<Message>; tooLarge: unknown } {
    const names = subjects(this.#settings.prefix)
    const messages: Array<Message> = []
    let bytes = 0
    for (const event of events) {
      const data = dataOf(event)
      if (data.length > BYTES) return { messages, tooLarge: tooLarge(event, data.length) }
      bytes += data.length
      if (messages.length > 0 && (messages.length >= WINDOW || bytes > BYTES)) break
      const id = `${token(event.tenant)}.${token(event.id)}`
      const headers = headersOf(event)
      const cuts = Math.ceil(data.length / room)
      if (cuts > 1) headers.set(PARTS, String(cuts))
      // The parts have to stand together, so one left by an earlier try must not be known.
      const attempt = cuts > 1 ? randomUUID() : ""
      for (let i = 0; i < cuts - 1; i++)
        messages.push({
          id: `${id}.${attempt}.${i}`,
          subject: names.parts,
          headers: headersOf(event),
          data: data.subarray(i * room, (i + 1) * room),
          event: undefined
        })
      messages.push({ id, subject: names.of(event, partitions), headers, data: data.subarray((cuts - 1) * room), event })
    }
    return { messages, tooLarge: undefined }
  }
}

const empty = new TextEncoder().encode("null")

const isFinal = (error: unknown): boolean =>
  error instanceof EventTooLarge ||
  error instanceof TypeError ||
  (typeof error === "object" && error !== null && "_tag" in error && error._tag === "Closed")

const tooLarge = ({ id, type }: Carried, bytes: number): EventTooLarge =>
  new EventTooLarge({
    id,
    bytes,
    limit: BYTES,
    message: `The data of event "${id}" (${type}) has ${bytes} bytes; this transport carries ${BYTES}.`
  })

const unavailable = (cause: unknown, rest: ReadonlyArray<Carried>): TransportUnavailable =>
  new TransportUnavailable({
    cause,
    message: `${rest.length} events were not taken by JetStream: ${String(cause)}. Publish them again: none that is there is doubled.`
  })
