import type { EventType, Recorded } from "../kernel/event.ts"
import type { Body } from "../kernel/operation.ts"

/** "When this event, run that operation": each event takes effect once, in order per subject, parallel across subjects. */
export interface Reactor {
  readonly name: string
  readonly on: ReadonlyArray<string>
  /** Whose personal data an event holds. */
  owner(event: Recorded): string | undefined
  readonly body: Body<never, unknown, unknown>
  /** Where a reactor that has never run begins: with all there is, or with what comes. */
  readonly from: "start" | "now"
  /** What is done with imported events: passed over, or run as of their own time. */
  readonly imports: "skip" | "run"
  /** Fixed for the reactor's life: its cursors count on it. */
  readonly partitions: number
  readonly tries: number
}

type Events<T extends ReadonlyArray<EventType>> = { [K in keyof T]: T[K] extends EventType<infer D> ? Recorded<D> : never }[number]

/** Declares a reactor. Its name is a durable contract: its cursors are kept by it. */
export const reactor = <const T extends ReadonlyArray<EventType>>(
  name: string,
  on: T,
  body: Body<Events<T>, unknown, unknown>,
  options: {
    readonly from?: "start" | "now"
    readonly imports?: "skip" | "run"
    readonly partitions?: number
    readonly tries?: number
  } = {}
): Reactor => ({
  name,
  on: on.map((type) => type.name),
  owner: (event) => on.find((type) => type.name === event.type)?.personal?.subject(event.data),
  body: body as Body<never, unknown, unknown>,
  from: options.from ?? "now",
  imports: options.imports ?? "skip",
  partitions: options.partitions ?? 8,
  tries: options.tries ?? 5
})
