import { jetstreamManager, JetStreamApiCodes, JetStreamApiError, type JetStreamClient, type JetStreamManager } from "@nats-io/jetstream"
import { connect, nanos, type NatsConnection } from "@nats-io/transport-node"
import { Closed } from "@omni/core"

import { subjects } from "./names.ts"
import type { Settings } from "./options.ts"

/** What is there once the server has been reached and the stream is known. */
export interface Ready {
  readonly connection: NatsConnection
  readonly js: JetStreamClient
  readonly jsm: JetStreamManager
  readonly partitions: number
}

const isNotFound = (error: unknown): boolean => error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound

/** The way to the server and the stream: reached on first use, and again after it failed. */
export class Link {
  #connection: Promise<NatsConnection> | undefined
  #ready: Promise<Ready> | undefined
  #closed = false

  readonly #settings: Settings

  constructor(settings: Settings) {
    this.#settings = settings
  }

  async ready(): Promise<Ready> {
    if (this.#closed) throw new Closed({ message: "The transport was closed." })
    return (this.#ready ??= this.#reach().catch((error: unknown) => {
      this.#ready = undefined
      throw error
    }))
  }

  /** Looks again whether the stream is there: nobody answered for it. */
  forget(): void {
    this.#ready = undefined
  }

  async close(): Promise<void> {
    this.#closed = true
    const connection = await this.#connection?.catch(() => undefined)
    if (connection !== undefined && !this.#isTheirs) await connection.close()
  }

  get #isTheirs(): boolean {
    return "request" in this.#settings.connection
  }

  async #reach(): Promise<Ready> {
    const connection = await this.#connect()
    const jsm = await jetstreamManager(connection, { checkAPI: false, timeout: this.#settings.timeout })
    return { connection, jsm, js: jsm.jetstream(), partitions: await this.#stream(jsm) }
  }

  #connect(): Promise<NatsConnection> {
    const { connection } = this.#settings
    if ("request" in connection) return (this.#connection ??= Promise.resolve(connection))
    return (this.#connection ??= connect({ maxReconnectAttempts: -1, reconnectTimeWait: 250, ...connection }).catch((error: unknown) => {
      this.#connection = undefined
      throw error
    }))
  }

  /** Finds the stream, or makes it; others may be making it too. How many partitions it has is in its description. */
  async #stream(jsm: JetStreamManager): Promise<number> {
    const { stream, prefix, partitions, replicas, storage, retention, duplicates } = this.#settings
    const described = await descriptionOf(jsm, stream)
    if (described === undefined) {
      await jsm.streams
        .add({
          name: stream,
          subjects: [subjects(prefix).all],
          description: descriptionFor(partitions),
          num_replicas: replicas,
          storage,
          max_age: nanos(retention.age),
          max_bytes: retention.bytes,
          duplicate_window: nanos(duplicates)
        })
        .catch(async (error: unknown) => {
          if ((await descriptionOf(jsm, stream)) === undefined) throw error
        })
      return this.#stream(jsm)
    }
    const found = /(\d+) partitions/.exec(described)?.[1]
    if (found === undefined)
      throw new TypeError(`The stream "${stream}" does not say how many partitions it has: describe it as "${descriptionFor(partitions)}".`)
    return Number(found)
  }
}

const descriptionFor = (partitions: number): string => `The log of an Omni app, in ${partitions} partitions`

const descriptionOf = async (jsm: JetStreamManager, stream: string): Promise<string | undefined> => {
  try {
    return (await jsm.streams.info(stream)).config.description ?? ""
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
