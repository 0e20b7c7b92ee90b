import type { NatsConnection, NodeConnectionOptions } from "@nats-io/transport-node"
import { checkOptions, type KnownOptions } from "@omni/core"

export interface NatsOptions {
  /** The JetStream stream: one for each app that publishes. It is made when it is not there, and then as the options say. */
  readonly stream: string
  /** The app's own connection, which stays open, or how to connect; `127.0.0.1:4222` unless told. */
  readonly connection?: NatsConnection | NodeConnectionOptions
  /** What all its subjects begin with; the stream's name unless told. */
  readonly prefix?: string
  /** How many subjects a group handles beside one another. Fixed for the stream's life; 16 unless told. */
  readonly partitions?: number
  /** Copies of the stream in a cluster: with 3, what was acknowledged outlives any one of its servers. 1 unless told. */
  readonly replicas?: number
  /** Where the server keeps the stream; in files unless told. */
  readonly storage?: "file" | "memory"
  /** How long events are kept (ms), and how many bytes of them; for ever unless told. The oldest go first, whether or not they were handled. */
  readonly retention?: { readonly age?: number; readonly bytes?: number }
  /** How long the server itself knows the ids of events (ms), 120,000 unless told. What keeps later copies out does not depend on it. */
  readonly duplicates?: number
  /** How long a member may be silent about an event that it handles (ms) before another gets it; 30,000 unless told. */
  readonly silence?: number
  /** How long one request may take (ms), 5,000 unless told; and how long publishing is tried before it is `TransportUnavailable`, 30,000. */
  readonly timeout?: number
  readonly patience?: number
  /** Told of messages in the stream that are no CloudEvents of an Omni log, which are passed over. */
  readonly onError?: (error: unknown) => void
}

export type Settings = Required<Omit<NatsOptions, "retention">> & { readonly retention: { readonly age: number; readonly bytes: number } }

const KNOWN: KnownOptions<NatsOptions> = {
  stream: true,
  connection: true,
  prefix: true,
  partitions: true,
  replicas: true,
  storage: true,
  retention: true,
  duplicates: true,
  silence: true,
  timeout: true,
  patience: true,
  onError: true
}

/** Throws `InvalidOptions` when it is told what there is not, or no stream. */
export const settingsOf = (options: NatsOptions): Settings => {
  checkOptions("nats()", options, KNOWN, ["stream"])
  if (options.retention !== undefined) checkOptions("nats({ retention })", options.retention, { age: true, bytes: true })
  return {
    stream: options.stream,
    connection: options.connection ?? {},
    prefix: options.prefix ?? options.stream,
    partitions: options.partitions ?? 16,
    replicas: options.replicas ?? 1,
    storage: options.storage ?? "file",
    duplicates: options.duplicates ?? 120_000,
    silence: options.silence ?? 30_000,
    timeout: options.timeout ?? 5_000,
    patience: options.patience ?? 30_000,
    onError: options.onError ?? (() => undefined),
    retention: { age: options.retention?.age ?? 0, bytes: options.retention?.bytes ?? -1 }
  }
}
