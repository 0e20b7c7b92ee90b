export { type Again, define, type Defined, type EntryFacts, type Exit, type ExitFacts, type Journey, type Step } from "./definition.ts"
export { EntryNotFound } from "./errors.ts"
export { type ExitOperation } from "./exit.ts"
export { journeys, type JourneysOptions } from "./journeys.ts"
export { EndReason, Entries, type Entry, JourneyEnded, JourneyEntered, JourneyStepped, StepDue } from "./model.ts"
export { moveEntries } from "./move.ts"
export {
  type JourneyMessage,
  type MessageText,
  type Saying,
  type SendPort,
  type Sent,
  type StepMessage,
  type WithdrawPort
} from "./port.ts"
export { entriesOf, entryQuery } from "./queries.ts"
