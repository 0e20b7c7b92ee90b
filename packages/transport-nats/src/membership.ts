import {
  AckPolicy,
  type ConsumerInfo,
  type ConsumerMessages,
  DeliverPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  type JsMsg
} from "@nats-io/jetstream"
import { nanos } from "@nats-io/transport-node"
import type { Carried, EventDelivery, EventHandler, SubscribeOptions, Subscription } from "@omni/core"

import type { Ready } from "./link.ts"
import { eventOf, PARTS } from "./message.ts"
import { consumerName, subjects } from "./names.ts"
import type { Settings } from "./options.ts"
import { patiently } from "./patience.ts"

const TRIES = 8
/** A pull that the server has forgotten, as a new leader has, is asked again after about as long (ms). */
const PULL = 4_000
/** Between two looks at what is left, and how long it may be on its way here (ms). */
const LOOK = 10
const ELSEWHERE = 250

const isNotFound = (error: unknown): boolean => error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound

/** Two seconds, doubled with every try up to an hour. */
const doubled = (attempts: number): number => Math.min(2 ** attempts * 1000, 3_600_000)

/**
 * A member of a group. The group has a durable consumer in each partition, of which one event at a time is with any member: the server
 * hands out the next when that one is done. So subjects keep their order, whoever handles them.
 */
export class Membership implements Subscription {
  readonly #pulls: Array<ConsumerMessages> = []
  readonly #handling = new Set<Promise<void>>()
  readonly #leaving = new AbortController()
  /** The last event that came here from each consumer, and whether it waits for its next try. */
  readonly #seen = new Map<string, { readonly sequence: number; readonly waits: boolean }>()
  #gone: Promise<void> | undefined

  readonly #ready: Ready
  readonly #group: string
  readonly #handler: EventHandler
  readonly #options: SubscribeOptions
  readonly #settings: Settings

  constructor(ready: Ready, group: string, handler: EventHandler, options: SubscribeOptions, settings: Settings) {
    this.#ready = ready
    this.#group = group
    this.#handler = handler
    this.#options = options
    this.#settings = settings
  }

  async join(): Promise<this> {
    const { js, partitions } = this.#ready
    const { patience } = this.#settings
    const numbers = Array.from({ length: partitions }, (_, partition) => partition)
    const consumers = await Promise.all(numbers.map((partition) => patiently(patience, () => this.#consumer(partition))))
    for (const info of consumers) {
      const callback = (message: JsMsg): void => this.#take(message)
      this.#pulls.push(await js.consumers.getConsumerFromInfo(info).consume({ max_messages: 1, expires: PULL, callback }))
    }
    return this
  }

  /** Looks until nothing is left here. What seems to be with somebody else may be on its way here, so it is given some time. */
  async idle(): Promise<void> {
    for (let patience = ELSEWHERE; patience > 0; patience -= LOOK) {
      await Promise.all(this.#handling)
      const left = (await patiently(this.#settings.patience, () => this.#infos())).map((info) => this.#left(info))
      if (left.includes("here")) patience = ELSEWHERE + LOOK
      else if (!left.includes("elsewhere")) return
      await new Promise((resolve) => setTimeout(resolve, LOOK))
    }
  }

  #left({ name, num_pending, num_ack_pending, delivered }: ConsumerInfo): "nothing" | "here" | "elsewhere" {
    if (this.#handling.size > 0) return "here"
    if (num_ack_pending === 0) return num_pending === 0 ? "nothing" : "here"
    const seen = this.#seen.get(name)
    if (seen === undefined || delivered.consumer_seq > seen.sequence) return "elsewhere"
    return seen.waits ? "nothing" : "here"
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#gone ??= this.#leave())
  }

  async #leave(): Promise<void> {
    this.#leaving.abort()
    for (const pull of this.#pulls) pull.stop()
    await Promise.all(this.#handling)
    // That they are done must have been said before somebody else may ask.
    if (!this.#ready.connection.isClosed()) await this.#ready.connection.flush()
  }

  #infos(): Promise<ReadonlyArray<ConsumerInfo>> {
    const { jsm, partitions } = this.#ready
    const names = Array.from({ length: partitions }, (_, partition) => consumerName(this.#group, partition))
    return Promise.all(names.map((name) => jsm.consumers.info(this.#settings.stream, name)))
  }

  /** The group's consumer in a partition, where it is; one that is new begins where it is told to. */
  async #consumer(partition: number): Promise<ConsumerInfo> {
    const { jsm } = this.#ready
    const { prefix, silence, stream } = this.#settings
    const name = consumerName(this.#group, partition)
    const filter = subjects(prefix).partition(partition, this.#options.types)
    const known = await consumerInfo(jsm, stream, name)
    if (known === undefined)
      return jsm.consumers.add(stream, {
        durable_name: name,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: this.#options.from === "now" ? DeliverPolicy.New : DeliverPolicy.All,
        filter_subject: filter,
        max_ack_pending: 1,
        max_deliver: -1,
        ack_wait: nanos(silence)
      })
    const { filter_subject, ack_wait } = known.config
    if (filter_subject === filter && ack_wait === nanos(silence)) return known
    return jsm.consumers.update(stream, name, { ...known.config, filter_subject: filter, ack_wait: nanos(silence) })
  }

  /** What comes after leaving goes to others at once. */
  #take(message: JsMsg): void {
    if (this.#leaving.signal.aborted) return message.nak()
    this.#see(message, false)
    const done: Promise<void> = this.#handle(message).then(() => void this.#handling.delete(done))
    this.#handling.add(done)
  }

  /** While it is handled the server hears of it, so a slow handler does not pass for a dead one. */
  async #handle(message: JsMsg): Promise<void> {
    const beat = setInterval(() => message.working(), this.#settings.silence / 3)
    try {
      const event = await this.#event(message)
      if (event === undefined) return message.term()
      if (this.#options.types?.includes(event.type) === false) return message.ack()
      await this.#try(message, { event, attempt: message.info.deliveryCount, signal: this.#leaving.signal })
    } catch {
      // The parts of a large event can not be read just now.
      this.#again(message, 1_000)
    } finally {
      clearInterval(beat)
    }
  }

  async #try(message: JsMsg, delivery: EventDelivery): Promise<void> {
    const { backoff = doubled, dead, tries = TRIES } = this.#options
    try {
      await this.#handler(delivery)
      message.ack()
    } catch (error) {
      const isGivenUp = delivery.attempt >= tries && (await dead(delivery, error).then(yes, no))
      if (isGivenUp) message.term()
      else this.#again(message, backoff(delivery.attempt))
    }
  }

  #again(message: JsMsg, milliseconds: number): void {
    this.#see(message, true)
    message.nak(Math.max(1, Math.round(milliseconds)))
  }

  #see({ info }: JsMsg, waits: boolean): void {
    this.#seen.set(info.consumer, { sequence: info.deliverySequence, waits })
  }

  async #event(message: JsMsg): Promise<Carried | undefined> {
    const parts = Number(message.headers?.get(PARTS) || 1)
    const data = parts > 1 ? await this.#whole(message, parts) : message.data
    try {
      return eventOf(message.headers, data)
    } catch (error) {
      this.#settings.onError(error)
      return undefined
    }
  }

  /** The parts of a large event stand right before its last one. */
  async #whole(message: JsMsg, parts: number): Promise<Uint8Array> {
    const { jsm } = this.#ready
    const before = Array.from({ length: parts - 1 }, (_, i) => message.seq - parts + 1 + i)
    const found = await Promise.all(before.map((seq) => jsm.streams.getMessage(this.#settings.stream, { seq })))
    if (found.includes(null)) throw new Error(`Parts of message ${message.seq} are not in the stream.`)
    return Buffer.concat([...found.map((part) => part!.data), message.data])
  }
}

const yes = (): boolean => true
const no = (): boolean => false

const consumerInfo = async (jsm: JetStreamManager, stream: string, name: string): Promise<ConsumerInfo | undefined> => {
  try {
    return await jsm.consumers.info(stream, name)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
