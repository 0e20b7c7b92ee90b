import type { CloudEvent } from "../values/cloud-event.ts"
import type { Position } from "./store.ts"

/**
 * The transport port: how the log leaves its store, so that other processes and services can react to it.
 * `@omni/testkit` publishes its laws; `inProcess` is the oracle that they are checked against.
 */

/**
 * An event on its way: the CloudEvent as the log has it, and where it stands there. `tenant` and `sequence` are extension attributes
 * like the others, all of them strings; `data` is JSON. Personal data is sealed in it unless its publisher has opened it.
 */
export interface Carried extends CloudEvent {
  /** The scope that it was recorded in. Any text, as the `subject` is: a transport must never take two of them for one. */
  readonly tenant: string
  /** Its position in the log of that scope, which grows. The CloudEvents extension of this name. */
  readonly sequence: Position
  /** May be empty, which CloudEvents knows as absent. */
  readonly subject: string
  readonly time: string
}

/** One try to handle an event. */
export interface EventDelivery {
  readonly event: Carried
  /** 1 on the first try; counts tries that ended with their process too. */
  readonly attempt: number
  /** Aborted when the subscription is being closed, which waits for the handler to end. */
  readonly signal: AbortSignal
}

/** Has taken the event once it resolves. An event can come again, after a crash for instance: effects are made once by its `id`. */
export type EventHandler = (delivery: EventDelivery) => Promise<unknown>

export interface SubscribeOptions {
  /** Called with what failed in each of its tries, before it is given up; when it fails too, the event is tried again. */
  readonly dead: (delivery: EventDelivery, error: unknown) => Promise<unknown>
  /** Only events of these types; all unless told. */
  readonly types?: ReadonlyArray<string>
  /** Where a group that is new begins: with all that the transport still has (unless told), or with what comes. */
  readonly from?: "start" | "now"
  /** 8 unless told. */
  readonly tries?: number
  /** Milliseconds until the next try, after so many: two seconds doubled with each up to an hour, unless told. */
  readonly backoff?: (attempts: number) => number
}

/** A member of a group. Disposing of it takes no further events, waits for those that it is handling, and leaves the rest to the group. */
export interface Subscription extends AsyncDisposable {
  /** Resolves when nothing that was published before is left for this member to do now: the rest waits for its next try, or is with others. */
  idle(): Promise<void>
}

export interface TransportDriver {
  readonly specVersion: 1
  readonly capabilities: {
    /** Of one event, bytes of its data and attributes as JSON. */
    readonly limits: { readonly bytes: number }
    /** What acknowledged events outlive. */
    readonly durability: "memory" | "disk"
  }
  /**
   * Appends events, those of each tenant in the order of their log: durable once it resolves, and seen by every group. Those at or before
   * the last of their tenant that is there already are left out, however long ago that was and whoever published it, so that a publisher
   * that does not know what became of its events publishes them again. Two that publish the same log at once harm nothing. After
   * anything thrown some of the first events may be there, and none without those before it.
   */
  publish(events: ReadonlyArray<Carried>): Promise<void>
  /** The last event of a tenant that is there, as far as the transport still has it. */
  last(tenant: string): Promise<Pick<Carried, "id" | "sequence"> | undefined>
  /**
   * Joins a group, whose members share its events. The group outlives its members, and takes each event at least once: an event of
   * a subject is not handed out before those before it are handled or given up, also over failures, crashes and members that come and go.
   * A transport may let an event that waits hold up some other subjects too, always the same ones.
   */
  subscribe(group: string, handler: EventHandler, options: SubscribeOptions): Promise<Subscription>
  /** Ends its subscriptions, waiting for what they are handling. What was published stays. */
  close(): Promise<void>
}
