export type { AsOf, CallOptions } from "./kernel/call.ts"
export { fromLayer, fromService, type Client } from "./client/client.ts"
export { collection, type Collection, type Json, type OptionalKeys, type Personal, type RowOf } from "./kernel/collection.ts"
export {
  Closed,
  Contended,
  EventTooLarge,
  FeedDiverged,
  IdempotencyMismatch,
  ImpureOperation,
  InvalidInput,
  InvalidOperation,
  InvalidOptions,
  InvalidRow,
  type KernelError,
  ModuleMissing,
  OutcomeUnknown,
  PositionExpired,
  StoreTooNew,
  StoreUnavailable,
  SubjectErased,
  TransportUnavailable,
  WorkFailed
} from "./errors.ts"
export { event, type DataOf, type EventType, type Recorded } from "./kernel/event.ts"
export { fingerprint } from "./encoding/ids.ts"
export { isEvent } from "./encoding/log.ts"
export { module, type Module, type Need } from "./kernel/module.ts"
export { handedIn } from "./client/needs.ts"
export { checkOptions, type KnownOptions } from "./client/options.ts"
export { collectionsOf } from "./client/engine.ts"
export { type Import, type ImportedRows, type ImportOptions, type ImportProgress, importRows, type RejectedRow } from "./client/import.ts"
export { createOmni, type Clients, type Omni, type OmniClient, type OmniOptions } from "./client/omni.ts"
export type { Transact } from "./client/transact.ts"
export type { Within } from "./client/within.ts"
export type { EventsOptions, Upkeep, UpkeepError } from "./client/upkeep.ts"
export {
  fail,
  operation,
  refuse,
  type AnyOperation,
  type Body,
  type ErrorOf,
  type InputOf,
  type Operation,
  type OperationSpec,
  type Result,
  type ValueOf
} from "./kernel/operation.ts"
export {
  DeliveryFailed,
  handler,
  topic,
  type Delivery,
  type DeliveryEnd,
  type Handler,
  type Topic,
  type UnknownPolicy
} from "./work/outbox.ts"
export { systemPlatform, type Clock, type Platform } from "./ports/platform.ts"
export { allOf } from "./queries/all-of.ts"
export { latestOf, pagedByTime } from "./queries/latest.ts"
export { oneForEach } from "./queries/one-for-each.ts"
export { paged, query, type Answer, type AnyQuery, type Find, type Item, type Page, type Query, type View } from "./queries/query.ts"
export { reactor, type Reactor } from "./work/reactor.ts"
export {
  START,
  type Check,
  type Commit,
  type CommitResult,
  type Due,
  type Entry,
  type EventPage,
  type EventWrite,
  type Examination,
  type Finding,
  type Found,
  type IndexQuery,
  type Key,
  type JoiningDriver,
  type KeyStore,
  type LockedStore,
  type Position,
  type Row,
  type ScopedStore,
  type Snapshot,
  type StoreDriver,
  type Write
} from "./ports/store.ts"
export type { Carried, EventDelivery, EventHandler, SubscribeOptions, Subscription, TransportDriver } from "./ports/transport.ts"
export type { Feed } from "./transport/publisher.ts"
export type { Receiver } from "./transport/receiver.ts"
export { DeadLetters, Discrepancy, Erased, type DeadLetter, type Message } from "./work/system.ts"
export type { Part, Verdict } from "./work/letters.ts"
export type { Tx } from "./kernel/tx.ts"
export * from "./values/index.ts"
