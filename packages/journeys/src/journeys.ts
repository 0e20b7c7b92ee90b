import {
  checkOptions,
  type EventType,
  handedIn,
  type KnownOptions,
  module,
  type Reactor,
  reactor,
  type Recorded,
  type Tx
} from "@omni/core"

import { type Journeying, step } from "./advance.ts"
import type { Defined } from "./definition.ts"
import { due } from "./entry.ts"
import { exiting } from "./exit.ts"
import { Entries, JourneyEnded, JourneyEntered, JourneyStepped, Slots, StepDue, Travellers } from "./model.ts"
import { move } from "./move.ts"
import type { SendPort, WithdrawPort } from "./port.ts"
import { entriesOf, entryQuery } from "./queries.ts"
import { enterBy, exitBy, reactionsOf } from "./react.ts"
import { takeBackBy, takingBack } from "./take-back.ts"

/** What an app's journeys are, and who sends for them. */
export interface JourneysOptions {
  /** `channels(…).operations.send`, say. */
  readonly send: SendPort
  /** Takes back what still waits when an entry ends: `channels(…).operations.withdraw`. Without it such messages go out. */
  readonly withdraw?: WithdrawPort
  readonly journeys: ReadonlyArray<Defined>
  /** All ids of a customer, the one that holds first: `subjectsOf` of `@omni/profile`. Without it an id stands for itself. */
  readonly identities?: (tx: Tx, customer: string) => ReadonlyArray<string>
  /** The event that says that one customer went into another, such as `ProfilesMerged` of `@omni/profile`. */
  readonly customersMerged?: EventType<{ readonly from: string; readonly into: string }>
}

/**
 * Everything that happens to entries from outside, in the order of the log. One partition on purpose: the start of a journey, what ends
 * it and the coming due of a step often belong to different subjects (a cart, an order, a customer), and only the order of the whole log
 * says which was first. So whatever ended an entry before a step came due is known when the step is done. `imported` is how imported events are
 * met: as of their own time.
 */
const following = (live: Journeying, imported: Journeying, merged: JourneysOptions["customersMerged"]): Reactor => {
  const journeys = [...live.journeys.values()]
  const events: ReadonlyArray<EventType> = [
    StepDue,
    ...(merged === undefined ? [] : [merged]),
    ...journeys.flatMap(({ exits, journey }) => [journey.on, ...exits.map(({ exit }) => exit.on)])
  ]
  const on = new Map(events.map((type) => [type.name, type]))
  const reactions = reactionsOf(journeys)
  const react = (tx: Tx, journeying: Journeying, recorded: Recorded<unknown>): void => {
    exitBy(tx, reactions, journeying, recorded)
    enterBy(tx, reactions, journeying, recorded)
  }
  return reactor(
    "journeys.follow",
    [...on.values()],
    function* (tx, recorded) {
      const journeying = recorded.imported ? imported : live
      if (recorded.type === StepDue.name) {
        const told = StepDue.schema.parse(recorded.data)
        step(tx, journeying, told.entry, told.step)
        return
      }
      if (merged !== undefined && recorded.type === merged.name) {
        const { from, into } = merged.schema.parse(recorded.data)
        move(tx, from, into, journeying.takeBack)
      }
      react(tx, journeying, recorded)
    },
    { partitions: 1, imports: "run" }
  )
}

const known: KnownOptions<JourneysOptions> = { send: true, withdraw: true, journeys: true, identities: true, customersMerged: true }

/** Journeys: what is said to a customer after an event, when, and what ends it. Throws `TypeError` when two have the same id, and `InvalidOptions`. */
export const journeys = (options: JourneysOptions) => {
  checkOptions("journeys()", options, known, ["send", "journeys"])
  const { customersMerged, identities, journeys: defined, send, withdraw } = options
  const byId = new Map(defined.map((one) => [one.journey.id, one]))
  if (byId.size !== defined.length) throw new TypeError("Two journeys have the same id. Entries are kept by it: give each its own.")
  const here = takeBackBy(withdraw)
  const { takeBack, takeBackOne } = takingBack(here)
  const journeying: Journeying = {
    journeys: byId,
    send,
    takeBack: withdraw === undefined ? here : takeBack,
    identities: (tx, customer) => {
      const [first = customer, ...others] = identities?.(tx, customer) ?? []
      return [first, ...others]
    }
  }
  return module("journeys", {
    collections: [Entries, Slots, Travellers],
    events: [JourneyEntered, StepDue, JourneyStepped, JourneyEnded],
    operations: { exit: exiting(journeying, here) },
    queries: { entry: entryQuery, entriesOf },
    internal: [due, takeBackOne],
    reactors: [following(journeying, { ...journeying, takeBack: here }, customersMerged)],
    needs: handedIn(send, withdraw, customersMerged)
  })
}
